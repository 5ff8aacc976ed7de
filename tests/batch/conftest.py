"""What the tests of the batch share."""

from tests.batch.folders import here as here
