"""What people do with the directory of qualifications: ask it, draft an edition, publish it."""
