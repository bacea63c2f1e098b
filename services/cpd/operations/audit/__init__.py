"""What is done in an audit: announced, frozen, drawn, assessed, appealed, reported."""
