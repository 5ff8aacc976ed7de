"""The records that travel between the stages; no stage's logic lives here."""
