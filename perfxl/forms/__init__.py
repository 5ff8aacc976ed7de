"""What is known of forms: words, layouts and rubrics, all of it data under `templates/`."""
