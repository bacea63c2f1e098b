"""People, memberships, qualifications, the register and the licence to practise."""
