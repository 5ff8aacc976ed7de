"""Results as files: the annotated copy of a submission, and how a file is written whole or not at all."""
