# Every command sets itself up: the first one makes .venv (Python 3.11 or newer must be there), later ones repair it when it is stale.
# Name a certain Python with `make test PYTHON=/path/to/python`.

# Hundreds of processes are started: compiled once, each of them starts in half the time, whatever the machine's habit is.
unexport PYTHONDONTWRITEBYTECODE

BOTH_CORES := -n auto --maxprocesses 8 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-fast coverage audit lint types bench crash kills day lies laws plans whys undos backlog calls screenshots lock clean venv-demo venv-dev

# Lists the targets.
help:
	@awk '/^# /{note=substr($$0, 3)} /^[a-z][a-z-]*:/{split($$0, t, ":"); if (note) printf "make %-10s %s\n", t[1], note} !/^# /{note=""}' Makefile

# Shows the product at work on a sandbox: connects, syncs, opens the dashboard, until Ctrl-C; ARGS=--once tells a story on the terminal and ends.
demo: venv-demo
	@.venv/bin/python -m demo $(ARGS)

# Runs every check: lint, formatting, types, tests. Under ten minutes on two cores.
test: lint types
	@.venv/bin/python -m pytest $(BOTH_CORES) --cov --cov-report= $(ARGS)
	@printf 'Lines and branches of the pure rules that their own tests reach (for all: make coverage): %s %%\n' \
		"$$(.venv/bin/coverage report --format=total --include='syncer/core/*')"

# Runs every check and every variation: each story on both databases, each fault at each command. Before a release; half an hour on two cores.
test-all: lint types
	@.venv/bin/python -m pytest $(BOTH_CORES) --all $(ARGS)

# Runs the tests of the rules and of the engine, with both systems in memory: under a minute on two cores.
test-fast: venv-dev
	@.venv/bin/python -m pytest $(BOTH_CORES) -m memory tests/core tests/scenarios $(ARGS)

# Measures what all tests reach, lines and branches, and lists the modules that they do not reach whole. Tracing makes them take a third longer.
coverage: venv-dev
	@.venv/bin/python -m pytest $(BOTH_CORES) --cov --cov-all --cov-report=term $(ARGS)

# Looks up known vulnerabilities of every locked package; fails where one cannot be looked up, too. The tests' lock file holds the pins of the others.
audit: venv-dev
	@.venv/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements/dev.txt

# Runs the linter, checks the formatting, and the direction of imports.
lint: venv-dev
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-logo

# Checks the types, strictly, in the tests too.
types: venv-dev
	@.venv/bin/mypy

# Measures first and changed syncs against a record-by-record loop and the bare transfer; options by ARGS="--contacts 10000".
bench: venv-dev
	@.venv/bin/python -m bench $(ARGS)

# Kills the sync a hundred times at random moments, which the tests do a few times, and compares what both systems end with; options by ARGS="--count 500".
crash: venv-dev
	@.venv/bin/python -m tests.trials.kill --count 100 $(ARGS)

# Kills every part of the worker at random moments while people edit at both sides; options by ARGS="--count 20 --seed 2 --database postgresql --redis own".
kills: venv-dev
	@.venv/bin/python -m tests.trials.worker_kill --count 40 $(ARGS)

# Lets both systems answer wrongly in a thousand random histories, which the tests do in a few; options by COUNT=200 ARGS=--hypothesis-seed=7.
lies: venv-dev
	@LIES=$(or $(COUNT),1000) .venv/bin/python -m pytest tests/scenarios/test_lies.py --timeout 0 $(ARGS)

# Holds the rules over a thousand random schools and histories of edits, which the tests do over a few; options by COUNT=200 ARGS=--hypothesis-seed=7.
laws: venv-dev
	@LAWS=$(or $(COUNT),1000) .venv/bin/python -m pytest tests/scenarios/test_laws.py --timeout 0 $(ARGS)

# Holds the compiled planner against the other one over 10,000 random contacts, which the tests do over some hundred; another number by COUNT=50000.
plans: venv-dev
	@COMPILED=$(or $(COUNT),10000) .venv/bin/python -m pytest tests/core/test_compiled.py --timeout 0 $(ARGS)

# Holds the explanations of values against 1,000 random histories of records; another number by COUNT=50.
whys: venv-dev
	@WHY_RECORDS=$(or $(COUNT),1000) .venv/bin/python -m pytest tests/application/test_why_histories.py --timeout 0 $(ARGS)

# Undoes at full size: a flipped owner on 500 pairs, 100 random histories, and the calls and memory of 10,000 changes; other sizes by PAIRS=50 COUNT=10 CONTACTS=1000.
undos: venv-dev
	@UNDO_PAIRS=$(or $(PAIRS),500) UNDO_HISTORIES=$(or $(COUNT),100) CONTACTS=$(or $(CONTACTS),10000) .venv/bin/python -m pytest tests/scenarios/test_undo_holds.py tests/scenarios/test_undo_laws.py tests/trials/test_undo_calls.py --timeout 0 -s $(ARGS)

# Runs the worker through 24 hours of ticks under a clock that jumps, with the faults of a day and people's edits, and looks at the end; options by COUNT=20 SEED=3.
day: venv-dev
	@.venv/bin/python -m tests.trials.day --count $(or $(COUNT),96) --seed $(or $(SEED),1) $(ARGS)

# Exports a backlog of 50,000 contacts to a slow sandbox by four threads and by one; options by ARGS="--contacts 2000".
backlog: venv-dev
	@.venv/bin/python -m tests.trials.worker_backlog --contacts 50000 $(ARGS)

# Counts the calls of runs over 10,000 changed contacts and of one with nothing to do on 100,000 pairs; other sizes by CONTACTS=5000 PAIRS=20000.
calls: venv-dev
	@CONTACTS=$(or $(CONTACTS),10000) PAIRS=$(or $(PAIRS),100000) .venv/bin/python -m pytest tests/trials/test_calls.py -s $(ARGS)

# Takes pictures of every page, in each size, colour and state, into screenshots/; options by ARGS="--state full --view logs", or ARGS=--readme.
screenshots: venv-dev
	@.venv/bin/python -m tests.dashboard.screenshots $(ARGS)

# Rewrites requirements/*.txt from pyproject.toml; UPGRADE=1 takes the newest versions.
lock: venv-dev
	@.venv/bin/python -m tools.lock $(if $(UPGRADE),--upgrade)

# Removes what the other targets made; the data folder stays.
clean:
	@rm -rf .venv .venv.lock .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis bench/results screenshots
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Makes or repairs .venv with what the demo needs (part of the other targets).
venv-demo:
	@tools/python tools/environment.py demo

# Makes or repairs .venv with what the tests need too (part of the other targets).
venv-dev:
	@tools/python tools/environment.py dev
