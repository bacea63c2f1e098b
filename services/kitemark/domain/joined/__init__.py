"""Where the three strands meet: a school's advisers as evidence, and work that counts twice."""
