"""Following CPD: what its audits find has its consequence here, within a second."""
