"""What people do on a route to entry: submit, judge, decide; and the standards suites behind it."""
