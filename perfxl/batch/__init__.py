"""A folder of submissions: what is in it, who reads it, what came of it, and going on where a run was stopped."""
