# make results   set up, run the main job, write results/
# make test      set up with test tools, run every test, on up to four cores with one thread each
# make lint      style and types
# make bench     speed, fidelity, memory; how often intervals hold the truth; writes results/tables/00_*.csv
# make fuzz      ten minutes of harmed files for every reader; FUZZ=60 for a minute
# make chaos     minutes of batches that are killed and started again; CHAOS=20 for more seeds
# make docs      the site, in build/docs; says what it left out
# make sbom      sbom.json and licences.csv: every package with its licence
# make lock      constraints.lock: the hashes of all pinned versions
# make audit     known weaknesses of the pinned versions; exit code 2 if their database does not answer
# make studies   remake the official voices and the label-error study; needs their texts, see docs/howto/reproduce.md
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: results bench studies test lint docs fuzz chaos sbom lock audit clean

results: $(VENV)/.notebooks
	$(BIN)/stance results
	$(BIN)/jupyter nbconvert --to notebook --execute --log-level ERROR --output-dir results/notebooks \
		--ExecutePreprocessor.extra_arguments=--IPKernelApp.log_level=40 notebooks/*.ipynb
	$(BIN)/jupyter nbconvert --to html --log-level ERROR results/notebooks/*.ipynb
	sed -i.bak 's#\.\./results/figures/#../figures/#' results/notebooks/*.html && rm results/notebooks/*.bak
	$(BIN)/stance results --check

bench: $(VENV)/.test
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/coverage.py
	$(BIN)/python benchmarks/corrections.py
	$(BIN)/python benchmarks/choices.py

studies: $(VENV)/.notebooks
	$(BIN)/python studies/official_2022/study.py
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[validation]"
	$(BIN)/python studies/label_error.py

test: $(VENV)/.test
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -rs -n auto --maxprocesses 4 --dist worksteal

lint: $(VENV)/.lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/bandit -q -c .ci/bandit.yml -r src

FUZZ ?= 600
fuzz: $(VENV)/.test
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ)

CHAOS ?= 6
chaos: $(VENV)/.test
	CHAOS=$(CHAOS) OMP_NUM_THREADS=1 $(BIN)/python -m pytest -m chaos -n 0 tests/pipeline/test_chaos.py

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs

sbom: $(VENV)/.lint
	$(BIN)/cyclonedx-py environment --output-reproducible --pyproject pyproject.toml -o sbom.json $(BIN)/python
	$(BIN)/python .ci/licences > licences.csv

lock: $(VENV)/.lint
	.ci/lock $(BIN)/uv > .constraints.lock && mv .constraints.lock constraints.lock

audit: $(VENV)/.lint
	$(BIN)/python .ci/audit $(BIN)/pip-audit

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# On Linux PyPI's torch brings CUDA along. Where no GPU is seen, .ci/torch takes the CPU build, some gigabytes less, if
# it is offered. Your own choice: make results TORCH='--index-url https://download.pytorch.org/whl/cpu torch'
TORCH ?=

$(VENV)/.notebooks: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(if $(TORCH),$(PIP) $(TORCH),.ci/torch $(PIP))
	$(PIP) --editable '.[notebooks,fast]'
	touch $@

$(VENV)/.test: $(VENV)/.notebooks
	$(PIP) --editable '.[test]'
	touch $@

$(VENV)/.lint: $(VENV)/.notebooks
	$(PIP) --editable '.[lint]'
	touch $@

$(VENV)/.docs: $(VENV)/.notebooks
	$(PIP) --editable '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) results/notebooks build docs/_made
