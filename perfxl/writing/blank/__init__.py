"""Blank templates: laid out from a form's definition, with formulas, drop-downs and marks that help while filling."""
