"""Schools and colleges as their national register describes them."""
