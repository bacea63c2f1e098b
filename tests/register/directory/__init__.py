"""The directory of qualifications: what it states, how it is searched, how an edition comes to be."""
