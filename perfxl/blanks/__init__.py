"""Next year's templates: blank ones, last year's form rolled over, one for every unit of a roster."""
