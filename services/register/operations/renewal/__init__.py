"""What people do about standing over time: renew, remind, restore, record a death, change a name."""
