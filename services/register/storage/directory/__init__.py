"""The directory of qualifications: drafts as documents, published editions as rows."""
