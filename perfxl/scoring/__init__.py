"""Pure rules that turn what was filled in into completion rates, ratios, points, totals and grades."""
