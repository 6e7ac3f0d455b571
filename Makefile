# Slopecast: `make help` lists the targets; each calls `setup` itself.
SHELL := /bin/bash
SYSTEM_PYTHON ?= /usr/bin/python3
# A fixed version: newer ones install alike, but this is the one that the tests run on.
TORCH ?= torch==2.13.0
VENV := .venv
PYTHON := $(VENV)/bin/python
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o Dpkg::Use-Pty=0
export QT_QPA_PLATFORM ?= offscreen

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-unit lint schemes bench evaluate fidelity robustness faults bad-inputs coverage mutation fuzz pictures validate landlab weights experiments install docs models translations package matrix clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(VENV)/.ready  ## install QGIS (apt) where it is missing, and .venv with torch

$(VENV)/.ready: requirements.txt requirements-dev.txt
	@if ! { $(SYSTEM_PYTHON) -c 'import qgis.core, osgeo.gdal, venv, ensurepip' 2>/dev/null && command -v Xvfb >/dev/null; }; then \
	  echo "Installing QGIS and a virtual screen for the tests with apt ..."; \
	  $(APT) update && $(APT) install qgis python3-qgis qgis-providers python3-gdal python3-venv xvfb >$(or $(TMPDIR),/tmp)/slopecast-apt.log 2>&1 \
	    || { tail -20 $(or $(TMPDIR),/tmp)/slopecast-apt.log; exit 1; }; \
	fi
	@echo "Preparing $(VENV) ..."
	@$(SYSTEM_PYTHON) -m venv --system-site-packages $(VENV)
	@$(PYTHON) -c 'import torch' 2>/dev/null || $(VENV)/bin/pip install -q --disable-pip-version-check '$(TORCH)'
	@$(VENV)/bin/pip install -q --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@mkdir -p $(VENV)/plugins && ln -sfn "$(CURDIR)" $(VENV)/plugins/slopecast
	@touch $@

demo: setup  ## map of a real study area by the network, compared with the physics engine
	@$(PYTHON) tests/commands demo

test: setup  ## all tests: unit, QGIS, qgis_process and desktop
	@$(PYTHON) -m pytest tests

test-unit:  ## the unit tests but the slow ones; needs no QGIS (PYTHON=...: any with GDAL and requirements-dev.txt)
	@$(PYTHON) -m pytest -m "not slow" tests/unit

lint: setup  ## ruff, the import rules, metadata, and compatibility with Qt 6
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet .
	@$(PYTHON) -m pytest -q tests/unit/project/test_architecture.py tests/unit/project/test_metadata.py tests/unit/project/test_qt6.py

schemes: setup  ## accuracy of the engine's fast scheme against the exact one; DEM="a.tif b.tif" adds areas
	@$(PYTHON) tests/commands schemes $(DEM)

bench: setup  ## time and memory of everything, as docs/performance.md; ONLY="solvers startup" or QUICK=--quick for less
	@$(PYTHON) tests/commands bench $(QUICK) $(if $(ONLY),--only $(ONLY))

evaluate: setup  ## the shipped network against the engine on your DEMs (DEMS="a.tif b.tif"), and what each part of it adds
	@$(PYTHON) tests/commands evaluate $(DEMS)
	@$(PYTHON) tests/commands anatomy $(DEMS)

fidelity: evaluate  ## the same as evaluate

robustness: setup  ## the shipped network on other soil depths, cell sizes, holes, sea and flat land (DEM=a.tif)
	@$(PYTHON) tests/commands robustness $(DEM)

bad-inputs: setup  ## the catalogue of bad inputs, a third of it through qgis_process too
	@SLOPECAST_BAD_INPUTS=all $(PYTHON) -m pytest tests/qgis/test_bad_input.py tests/qgis/test_bad_input_by_command.py

coverage: setup  ## share of the lines that the unit and QGIS tests run, the compiled kernels in plain Python (15 minutes)
	@$(PYTHON) -m coverage run --source=plugin -m pytest tests/unit
	@$(PYTHON) -m coverage run --source=plugin --append -m pytest tests/qgis
	@NUMBA_DISABLE_JIT=1 $(PYTHON) -m coverage run --source=plugin --append -m pytest -m "not slow" \
	  tests/unit/physics/test_kernels.py tests/unit/physics/test_stability.py tests/unit/physics/test_lateral_flow.py
	@$(PYTHON) -m coverage report --skip-covered

mutation: setup  ## small faults in stability, infiltration, groundwater and metrics, and whether unit tests detect them
	@$(PYTHON) tests/commands mutation $(if $(ONLY),--only $(ONLY))

fuzz: setup  ## random changes of weights, cards, shards, tables, spreadsheets, hyetographs and grids (SECONDS_EACH=60, SEED=0)
	@$(PYTHON) tests/commands fuzz --seconds $(or $(SECONDS_EACH),60) --seed $(or $(SEED),0)

faults: setup  ## kills at every file operation, and full disks: what each writer leaves (5 minutes)
	@$(PYTHON) tests/commands faults

pictures: setup  ## the pictures of README, and build/gallery/index.html: every window and result (ONLY=readme or gallery)
	@fc-list :lang=ko | grep -q . || { $(APT) update && $(APT) install fonts-nanum >/dev/null; }
	@$(PYTHON) tests/commands pictures $(if $(ONLY),--only $(ONLY))

validate: setup  ## the physics against closed forms and other programs: docs/validation.html
	@$(PYTHON) tests/commands validate

landlab:  ## Landlab in build/landlab, for one comparison of 'make validate'
	@$(SYSTEM_PYTHON) -m venv build/landlab && build/landlab/bin/pip install -q --disable-pip-version-check 'landlab<2.11'

weights: setup  ## train the shipped weights from the start (hours; resumes where it stopped)
	@$(PYTHON) tests/commands weights

experiments: setup  ## the paper's experiments with its network, three seeds each: docs/experiments.md (hours; resumes where it stopped)
	@$(PYTHON) tests/commands experiments

install:  ## link the plugin into the user's QGIS profile
	@folder="$${XDG_DATA_HOME:-$$HOME/.local/share}/QGIS/QGIS3/profiles/default/python/plugins"; \
	mkdir -p "$$folder" && ln -sfn "$(CURDIR)" "$$folder/slopecast" && echo "Linked: $$folder/slopecast"

docs: setup  ## generated tables and HTML of the documents (RUN=--run: also the results in the tutorial)
	@$(PYTHON) tests/commands docs $(RUN)

models: setup  ## the graphical models and the print layout, made by script from the algorithms' parameters
	@$(PYTHON) tests/commands graphical_models
	@$(PYTHON) tests/commands map_sheet

translations: setup  ## gather the texts for ui/i18n/*.ts and compile them (MISSING=--missing lists the untranslated)
	@command -v lrelease >/dev/null || { $(APT) update && $(APT) install qttools5-dev-tools >/dev/null; }
	@$(PYTHON) tests/commands translations $(MISSING)

package: setup  ## dist/slopecast.zip, as plugins.qgis.org takes it
	@$(PYTHON) tests/commands package

matrix:  ## all tests on QGIS 3.22, 3.34, 3.40, 3.44 and Debian testing (VERSIONS="3.44 next")
	@command -v debootstrap >/dev/null || { $(APT) update && $(APT) install debootstrap >/dev/null; }
	@$(SYSTEM_PYTHON) tests/commands matrix $(VERSIONS)

clean:  ## remove what the other targets made
	@[ ! -d build/matrix ] || $(SUDO) rm -rf --one-file-system build/matrix
	@rm -rf $(VENV) demo dist build .pytest_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
