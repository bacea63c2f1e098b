"""The third strand: organisations that give guidance, the standards they are accredited to, who has to be."""
