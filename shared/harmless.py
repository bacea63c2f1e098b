"""Values that stand in examples and samples: everybody knows them, so they are no secrets."""

_BEGINNINGS = ("example", "sample-")


def is_harmless(secret: str) -> bool:
    """Tell whether a secret is one that everybody can read in the documents, by how it begins."""
    return secret.startswith(_BEGINNINGS)
