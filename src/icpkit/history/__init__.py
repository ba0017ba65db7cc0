"""A profile's memory: versions that stay, who made them and why, and what was in force when."""
