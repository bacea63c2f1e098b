"""The audit in the database: who could be drawn, who was, and every step of every case."""
