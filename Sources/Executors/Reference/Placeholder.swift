import WeftIR
