// What every user of `Weft` names; the rest of the lower modules is there for those who import them.
@_exported import struct WeftExecution.ByteCount
@_exported import struct WeftExecution.ExecutorName
@_exported import enum WeftExecution.ProgressDisplay
@_exported import struct WeftExecution.ProgressUpdate
@_exported import class WeftExecution.RunReport
@_exported import struct WeftExecution.Session
@_exported import enum WeftIR.DType
@_exported import enum WeftIR.ErrorCode
@_exported import struct WeftIR.Facts
@_exported import struct WeftIR.Graph
@_exported import class WeftIR.ScalarFunction
@_exported import class WeftIR.Trace
@_exported import struct WeftIR.WeftError
