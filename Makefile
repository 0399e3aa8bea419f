# Every target sets itself up: nothing is needed but Python 3.11 or newer with venv, git and make.
.DEFAULT_GOAL := help
.PHONY: help demo serve test test-slow check docs audit-corpus bench clean

setup = python=$$(sh tools/find_python.sh) && "$$python" tools/bootstrap.py
python = .venv/bin/python

help:
	@echo "make demo  [USERS=n] [DATA=folder]  live through the whole migration, step by step"
	@echo "make serve [PORT=8000]              start the legacy platform with a demo log-in, and its"
	@echo "           [GRADEBOOK_PORT=8001]    gradebook service"
	@echo "make test  [ARGS=...]               run the tests, on SQLite and on PostgreSQL"
	@echo "make test-slow [ARGS=...]           run the tests that kill processes, wait and build wheels"
	@echo "make check [ARGS=...]               lint, types, layers, migrations, documents"
	@echo "make docs                           build the documents as pages, and say where they are"
	@echo "make audit-corpus                   score the auditor on labelled code from PyPI"
	@echo "make bench [ARGS=...]               measure, each figure beside its peer"
	@echo "make clean                          remove .venv and what the other targets made"

demo:
	@$(setup) run && exec $(python) manage.py demo $${USERS:+--users "$$USERS"} $${DATA:+--data "$$DATA"}

serve:
	@$(setup) serve && exec $(python) manage.py serve_demo $${PORT:+--port "$$PORT"} \
		$${GRADEBOOK_PORT:+--gradebook-port "$$GRADEBOOK_PORT"}

test:
	@$(setup) test && exec $(python) -m tools.run_tests -m "not slow" $(ARGS)

test-slow:
	@$(setup) test && exec $(python) -m tools.run_tests -m slow $(ARGS)

check:
	@$(setup) check && exec $(python) -m tools.check $(ARGS)

docs:
	@$(setup) check && exec $(python) -m tools.build_docs

audit-corpus:
	@$(setup) check && exec $(python) -m tools.audit_corpus $(ARGS)

bench:
	@$(setup) bench && exec $(python) -m tools.run_benchmarks $(ARGS)

clean:
	rm -rf clients/js/node_modules clients/js/dist clients/js/build
	rm -rf .venv .venv.lock var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
