# Everything a newcomer needs: `make demo`, `make test`. Both make their own
# virtual environment in .venv; a second run reuses it.
PYTHON ?= python3
FUZZ_SECONDS ?= 20
VENV   := .venv
BIN    := $(VENV)/bin
LINTED := src tests benchmarks scripts docs/images/draw.py docs/images/studio.py
BUILDS := scikit-build-core nanobind
SANITIZED := $(addprefix tests/test_,native.py lzw.py gif_reader.py gif_writer.py gif_clearing.py \
  kmeans.py remap.py dither.py hold.py blend.py dedup.py difference.py parallel.py stillness.py)
# Processes that are killed, filled or fed by hundreds do not depend on versions.
LOWEST := $(patsubst %,--ignore=tests/test_%.py,kill bare_folders hostile ending memory \
  batch batch_run smoke ready compilers studio_page)
library = $$($(CXX) -print-file-name=lib$(1).so)
SOURCES := $(shell find src -name '*.py' -o -name '*.js' -o -name '*.html' -o -name '*.css')
NATIVE := CMakeLists.txt $(wildcard native/*.hpp native/bindings/*)

.PHONY: demo test check coverage lint docs wheel release compilers lowest sanitize fuzz format bench clean

demo: $(VENV)/.installed
	$(BIN)/steadyhue demo -o demo --force
	@echo "Open demo/index.html"

test: $(VENV)/.developed
	$(BIN)/python -m pytest -q

check: lint docs test

# All tests, and the share of lines that they run; less than the floor of pyproject.toml fails.
coverage: $(VENV)/.developed
	$(BIN)/python -m pytest -q --cov --cov-report=term:skip-covered

lint: $(VENV)/.developed
	$(BIN)/clang-format --dry-run --Werror native/*.hpp native/bindings/*
	$(BIN)/ruff format --check $(LINTED)
	$(BIN)/ruff check $(LINTED)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell $(LINTED) native docs *.md

# The site, in build/site/index.html; a link that leads nowhere is an error.
docs: $(VENV)/.developed
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet

# The sdist and, built from it, a wheel: audited, and tried where there is no compiler.
wheel: $(VENV)/.packaged
	$(BIN)/python scripts/wheel.py

# What a script can check of docs/releasing.md.
release: $(VENV)/.developed
	$(BIN)/python scripts/release.py

# All kernels by every compiler at hand, and by clang for other systems.
compilers: $(VENV)/.packaged
	$(BIN)/python -m pip install -q ziglang
	$(BIN)/python scripts/compilers.py $(CXX) zig

# The core at the lowest versions that pyproject.toml allows.
lowest: $(VENV)-lowest/.installed
	@if [ -x $(VENV)-lowest/bin/pytest ]; then \
	  $(VENV)-lowest/bin/python -m pytest -q -p no:cacheprovider $(LOWEST); \
	else echo "lowest: skipped, as there are no wheels of the lowest versions for this Python"; fi

# The kernels and the GIF code under AddressSanitizer and UBSan.
sanitize: $(VENV)-sanitized/.installed
	@if [ -x $(VENV)-sanitized/bin/pytest ]; then \
	  LD_PRELOAD="$(call library,asan) $(call library,stdc++)" \
	  ASAN_OPTIONS=detect_leaks=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	  $(VENV)-sanitized/bin/python -m pytest -q -p no:cacheprovider $(SANITIZED); \
	else echo "sanitize: skipped, as $(CXX) has no AddressSanitizer to load"; fi

# Hostile input, for FUZZ_SECONDS of each target.
fuzz: $(VENV)-fuzz/.installed
	$(VENV)-fuzz/bin/python tests/fuzz/run.py --seconds $(FUZZ_SECONDS) $(TARGETS)

format: $(VENV)/.developed
	$(BIN)/clang-format -i native/*.hpp native/bindings/*
	$(BIN)/ruff check --fix $(LINTED)
	$(BIN)/ruff format $(LINTED)

bench: $(VENV)/.benched
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/quality.py

clean:
	rm -rf $(VENV) $(VENV)-* build demo dist src/steadyhue/_native/_ext.pyi

$(VENV)/bin/python:
	@sh scripts/ready.sh $(PYTHON)
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml $(NATIVE)
	$(BIN)/python -m pip install -q -e .
	@touch $@

$(VENV)/.developed: $(VENV)/.installed
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch $@

$(VENV)/.packaged: $(VENV)/.developed
	$(BIN)/python -m pip install -q -e '.[package]'
	@touch $@

$(VENV)/.benched: $(VENV)/.developed
	$(BIN)/python -m pip install -q -e '.[bench]'
	@touch $@

$(VENV)-lowest/.installed: pyproject.toml tests/lowest.txt $(NATIVE) $(SOURCES)
	$(PYTHON) -m venv $(VENV)-lowest
	if $(VENV)-lowest/bin/python -m pip install -q --only-binary :all: -r tests/lowest.txt; then \
	  $(VENV)-lowest/bin/python -m pip install -q -C build-dir=build/lowest \
	    -r tests/lowest.txt pytest hypothesis .; fi
	@touch $@

$(VENV)-sanitized/.installed: pyproject.toml $(NATIVE) $(SOURCES)
	$(PYTHON) -m venv $(VENV)-sanitized
	if [ -e "$(call library,asan)" ]; then \
	  $(VENV)-sanitized/bin/python -m pip install -q $(BUILDS) pytest hypothesis av && \
	  $(VENV)-sanitized/bin/python -m pip install -q --no-build-isolation \
	    -C build-dir=build/sanitized -C cmake.define.STEADYHUE_SANITIZE=ON .; fi
	@touch $@

$(VENV)-fuzz/.installed: pyproject.toml $(NATIVE) $(SOURCES)
	$(PYTHON) -m venv $(VENV)-fuzz
	$(VENV)-fuzz/bin/python -m pip install -q -C build-dir=build/fuzz '.[video]'
	@$(VENV)-fuzz/bin/python -m pip install -q --only-binary :all: atheris || \
	  echo "fuzz: without atheris, which has no wheel for this Python; seeds are changed blindly"
	@touch $@
