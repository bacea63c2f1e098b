"""One function for each thing that a person does with the register."""
