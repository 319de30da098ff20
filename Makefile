# Everything is done by two small Python programs, so that a machine without make loses nothing.
PYTHON ?= python3

.PHONY: run test bench lint format

run:
	@exec $(PYTHON) scripts/run.py

test:
	@exec $(PYTHON) scripts/test.py

bench:
	@exec $(PYTHON) scripts/bench.py

lint:
	@exec $(PYTHON) scripts/test.py --lint

format:
	@exec $(PYTHON) scripts/test.py --format
