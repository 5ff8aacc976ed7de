"""From a submitted file to tidy frames: grids, blocks, values."""
