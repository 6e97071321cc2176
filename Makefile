SWIFT ?= swift
SOURCES := Package.swift $(wildcard Sources Tests Bench Examples)

# Golden vectors and the inputs of the benchmarks live beside the repository.
GOLDEN ?= $(wildcard ../shared/data/golden)
# After a slash: when kernels are compiled (WEFT_JIT).
GOLDEN_EXECUTORS ?= reference blas/never blas/always
# What of them: "--every 20" takes one case in 20 of each group.
GOLDEN_OPTIONS ?= --umath
# How arguments are stored when golden vectors run on sparse arrays, and the groups.
GOLDEN_FORMATS ?= coo csr csc csf gcxs bsr dia
GOLDEN_SPARSE_GROUPS ?= graphs unary binary ternary reduce indexing manipulation linalg einsum
INPUTS_SCRIPT ?= ../shared/bench/make_inputs.py
SCALE ?= full
CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)
INPUTS ?= $(CACHE)/weft-bench-inputs/$(SCALE)
BENCH_OPTIONS ?=

# NumPy's accuracy tables, where they lie beside the repository.
UMATH ?= $(wildcard ../shared/data/golden/umath)

.PHONY: help install build demo test check-build check-tests bench format lint docs golden \
  golden-sparse awareness fuzz coverage memory-limit resume oclgrind opencl-sample \
  opencl-golden opencl-cases \
  gpu-package accuracy sanitize clients clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

install: ## install what is missing on Debian
	@scripts/install-dependencies.sh

build: install ## build in release mode
	$(SWIFT) build -c release

demo: install ## build in release mode and run the examples on every available executor
	$(SWIFT) build -c release --product weft-demo
	"$$($(SWIFT) build -c release --show-bin-path)/weft-demo" --data Examples/data

# One after the other also under -j: the steps share .build.
test: install ## everything CI runs: lint, build without warnings, tests, clients, golden vectors
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory check-build
	@$(MAKE) --no-print-directory check-tests
	@$(MAKE) --no-print-directory clients
	@$(MAKE) --no-print-directory golden
	@$(MAKE) --no-print-directory golden-sparse
	@$(MAKE) --no-print-directory awareness
	@$(MAKE) --no-print-directory memory-limit LIMITS="150000 450000"
	@$(MAKE) --no-print-directory resume
	@$(MAKE) --no-print-directory opencl-sample

# In release mode, where buffers live no longer than they must.
awareness: ## compute small problems from the literature, in release mode, and compare them with what is written
	$(SWIFT) build -c release --product weft-bench
	@"$$($(SWIFT) build -c release --show-bin-path)/weft-bench" awareness Bench/literature.json \
	  --scale 0.15 --repeats 1 | awk '/WRONG|error/ { print; bad = 1 } END { exit bad }'

check-build:
	scripts/build-without-warnings.sh

check-tests:
	SWIFT=$(SWIFT) scripts/run-tests.sh

format: ## format the sources in place
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

lint: ## check the format strictly
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

ifeq ($(GOLDEN),)
golden:
	@echo "golden: no golden vectors here; give their folder as GOLDEN=DIR"
else
golden: ## compare with NumPy's golden vectors in $(GOLDEN) on $(GOLDEN_EXECUTORS)
	$(SWIFT) build -c release --product weft-golden
	@run="$$($(SWIFT) build -c release --show-bin-path)/weft-golden"; status=0; \
	for executor in $(GOLDEN_EXECUTORS); do \
	  echo "golden: $$executor"; \
	  name="$${executor%%/*}"; jit="$${executor#*/}"; [ "$$jit" != "$$executor" ] || jit=auto; \
	  log=".build/golden-$$name-$$jit.log"; \
	  WEFT_JIT="$$jit" WEFT_OPENCL_CHECK=0 "$$run" "$(GOLDEN)" $(GOLDEN_OPTIONS) --counters \
	    --executor "$$name" --known Tests/Golden/known-failures.txt >"$$log" || status=1; \
	  cat "$$log"; \
	  grep -Eq '^[0-9]+ passed, [0-9]+ failed' "$$log" || \
	    { echo "golden: $$executor: no closing line"; status=1; }; \
	done; exit $$status
endif

ifeq ($(GOLDEN),)
golden-sparse:
	@echo "golden-sparse: no golden vectors here; give their folder as GOLDEN=DIR"
else
golden-sparse: ## compare with golden vectors whose arguments are stored sparsely, as $(GOLDEN_FORMATS)
	$(SWIFT) build -c release --product weft-golden
	@run="$$($(SWIFT) build -c release --show-bin-path)/weft-golden"; status=0; \
	for format in $(GOLDEN_FORMATS); do \
	  for group in $(GOLDEN_SPARSE_GROUPS); do \
	    printf 'golden-sparse: %s, %s: ' "$$format" "$$group"; \
	    log=".build/golden-sparse.log"; \
	    if WEFT_JIT=never "$$run" "$(GOLDEN)" --executor sparse --sparse "$$format" \
	      --group "$$group" >"$$log" 2>&1; \
	    then tail -n 1 "$$log"; else cat "$$log"; status=1; fi; \
	  done; \
	done; exit $$status
endif

ifeq ($(GOLDEN),)
opencl-sample opencl-golden:
	@echo "$@: no golden vectors here; give their folder as GOLDEN=DIR"
else
opencl-sample: ## the golden cases on OpenCL, where there is a device: all interpreted, one in 8 compiled, four groups sparse
	@$(MAKE) --no-print-directory opencl-cases GOLDEN_OPTIONS=--umath GOLDEN_EXECUTORS=opencl/auto
	@$(MAKE) --no-print-directory opencl-cases GOLDEN_OPTIONS="--every 8" GOLDEN_EXECUTORS=opencl/always
	@for group in unary binary reduce graphs; do $(MAKE) --no-print-directory opencl-cases \
	  GOLDEN_OPTIONS="--sparse csr --group $$group" GOLDEN_EXECUTORS=opencl/auto || exit 1; done

opencl-golden: ## all golden cases on OpenCL, each kernel compiled (some ten minutes)
	@$(MAKE) --no-print-directory opencl-cases GOLDEN_EXECUTORS=opencl/always

opencl-cases:
	$(SWIFT) build -c release --product weft-golden
	@run="$$($(SWIFT) build -c release --show-bin-path)/weft-golden"; code=0; \
	reason="$$("$$run" "$(GOLDEN)" --executor opencl --group creation --every 1000 2>&1)" || code=$$?; \
	if [ "$$code" -eq 2 ]; then echo "$(GOLDEN_EXECUTORS): skipped: $$reason"; else \
	  $(MAKE) --no-print-directory golden; fi
endif

gpu-package: ## what a machine with a GPU needs, as .build/gpu.tar.xz; there: gpu/run.sh OUT
	$(SWIFT) build -c release --product weft
	$(SWIFT) build -c release --product weft-golden
	$(SWIFT) build -c release --product weft-bench
	scripts/gpu-package.sh "$$($(SWIFT) build -c release --show-bin-path)" .build/gpu "$(GOLDEN)"

clients: ## other packages can depend on this one by path and by version
	scripts/test-clients.sh

sanitize: ## the tests under the thread and the address sanitizer
	$(SWIFT) test --sanitize=thread --scratch-path .build-tsan
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build-asan

bench: install ## time against the peers (SCALE=tiny, BENCH_OPTIONS="--workloads W02,W08a")
	$(SWIFT) build -c release --product weft-bench
	@set -e; python="$$(Bench/make-peers-env.sh)/bin/python"; \
	Bench/make-inputs.sh "$$python" "$(INPUTS_SCRIPT)" "$(SCALE)" "$(INPUTS)"; \
	"$$python" Bench/paired.py --inputs "$(INPUTS)" \
	  --runner "$$($(SWIFT) build -c release --show-bin-path)/weft-bench" \
	  --out .build/bench.json $(BENCH_OPTIONS)

COUNT ?= 5000
SEED ?= 1
FUZZ_OPTIONS ?=

fuzz: install ## compare random programs with NumPy on every executor (COUNT=100000 SEED=7)
	$(SWIFT) build -c release --product weft
	"$$(Bench/make-peers-env.sh)/bin/python" Tests/Fuzz/fuzz.py --out .build/fuzz \
	  --weft "$$($(SWIFT) build -c release --show-bin-path)/weft" --count $(COUNT) --seed $(SEED) $(FUZZ_OPTIONS)

LIMITS ?= 150000 450000 600000

memory-limit: install ## programs under ulimit -v end with an error, never by a signal (LIMITS in KiB)
	$(SWIFT) build -c release --product weft
	LIMITS="$(LIMITS)" scripts/test-memory-limit.sh "$$($(SWIFT) build -c release --show-bin-path)/weft"

resume: install ## programs that are killed, or fill the disk, while they write a result go on afterwards
	$(SWIFT) build -c release --product weft
	scripts/test-resume.sh "$$($(SWIFT) build -c release --show-bin-path)/weft"

oclgrind: install ## run kernels of an OpenCL device that watches every access (apt: oclgrind)
	$(SWIFT) build -c release --product weft
	$(SWIFT) build -c release --product weft-golden
	@bin="$$($(SWIFT) build -c release --show-bin-path)"; \
	scripts/test-oclgrind.sh "$$bin/weft" "$$bin/weft-golden" "$(GOLDEN)"

# An executor that this machine lacks is left out.
COVERAGE_EXECUTORS ?= $(GOLDEN_EXECUTORS) opencl/auto

ifneq ($(GOLDEN),)
coverage: ## write Docs/coverage.md from the golden vectors on $(COVERAGE_EXECUTORS)
	$(SWIFT) build -c release --product weft-golden
	scripts/coverage.sh "$$($(SWIFT) build -c release --show-bin-path)/weft-golden" "$(GOLDEN)" \
	  $(COVERAGE_EXECUTORS)
endif

accuracy: ## measure the elementary functions and write Docs/accuracy.md (minutes)
	Bench/accuracy.sh $(UMATH)

DOCS_BASE ?= /
docs: ## the API reference as static pages in .build/docs (DOCS_BASE=/path/ where it will be served)
	$(SWIFT) package dump-symbol-graph --minimum-access-level public --skip-synthesized-members
	rm -rf .build/symbol-graphs .build/docs
	mkdir -p .build/symbol-graphs
	find .build/*/symbolgraph -regex '.*/Weft\(IR\|Passes\|Execution\)?\(@[A-Za-z]*\)?\.symbols\.json' \
	  -exec cp -t .build/symbol-graphs {} +
	docc convert Sources/Frontend/Weft.docc --warnings-as-errors --transform-for-static-hosting \
	  --hosting-base-path "$(DOCS_BASE)" --enable-experimental-overloaded-symbol-presentation \
	  --fallback-display-name Weft --fallback-bundle-identifier weft \
	  --additional-symbol-graph-dir .build/symbol-graphs --output-path .build/docs
	echo '<meta http-equiv="refresh" content="0; url=documentation/weft/">' >.build/docs/index.html
	@echo 'docs: python3 -m http.server --directory .build/docs 8000, then http://localhost:8000'

clean: ## remove everything that was built
	$(SWIFT) package clean
	rm -rf .build .build-tsan .build-asan
