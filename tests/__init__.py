"""The tests: rules, routes, races, contracts, journeys, benchmarks, and the house itself."""
