import WeftIR

/// libhdf5: what reading takes. One lock: Debian's serial build is not made for several threads.
///
/// - Source: the headers of HDF5 1.10 and 1.14, in which these functions are alike.
struct HDF5Library: Sendable {
  /// `hid_t`: what HDF5 calls files, datasets, spaces and types by; negative where a call failed.
  typealias Handle = Int64

  typealias NoArguments = @convention(c) () -> Int32
  typealias OpenNamed = @convention(c) (Handle, UnsafePointer<CChar>?, Handle) -> Handle
  typealias OpenFile = @convention(c) (UnsafePointer<CChar>?, UInt32, Handle) -> Handle
  typealias OfHandle = @convention(c) (Handle) -> Handle
  typealias NumberOf = @convention(c) (Handle) -> Int32
  typealias SizeOf = @convention(c) (Handle) -> Int
  typealias AddressOf = @convention(c) (Handle) -> UInt64
  typealias Extents =
    @convention(c) (Handle, UnsafeMutablePointer<UInt64>?, UnsafeMutablePointer<UInt64>?) -> Int32
  typealias Chunk = @convention(c) (Handle, Int32, UnsafeMutablePointer<UInt64>?) -> Int32
  typealias Fields =
    @convention(c) (
      Handle, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<Int>?, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<Int>?, UnsafeMutablePointer<Int>?
    ) -> Int32
  typealias MemberName = @convention(c) (Handle, UInt32) -> UnsafeMutablePointer<CChar>?
  typealias MemberType = @convention(c) (Handle, UInt32) -> Handle
  typealias MemberOffset = @convention(c) (Handle, UInt32) -> Int
  typealias MemberValue = @convention(c) (Handle, UInt32, UnsafeMutableRawPointer?) -> Int32
  typealias Free = @convention(c) (UnsafeMutableRawPointer?) -> Int32
  typealias MakeSpace =
    @convention(c) (Int32, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?) -> Handle
  typealias Select =
    @convention(c) (
      Handle, Int32, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?, UnsafePointer<UInt64>?,
      UnsafePointer<UInt64>?
    ) -> Int32
  typealias Read =
    @convention(c) (Handle, Handle, Handle, Handle, Handle, UnsafeMutableRawPointer?) -> Int32
  typealias Filter =
    @convention(c) (
      Handle, UInt32, UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Int>?,
      UnsafeMutablePointer<UInt32>?, Int, UnsafeMutablePointer<CChar>?,
      UnsafeMutablePointer<UInt32>?
    ) -> Int32
  typealias FilterCheck = @convention(c) (Int32) -> Int32
  typealias LinkVisitor =
    @convention(c) (Handle, UnsafePointer<CChar>?, UnsafeRawPointer?, UnsafeMutableRawPointer?) ->
    Int32
  typealias Visit =
    @convention(c) (Handle, Int32, Int32, LinkVisitor, UnsafeMutableRawPointer?) -> Int32
  typealias Silence =
    @convention(c) (Handle, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Int32
  typealias ErrorVisitor =
    @convention(c) (UInt32, UnsafeRawPointer?, UnsafeMutableRawPointer?) -> Int32
  typealias Walk =
    @convention(c) (Handle, Int32, ErrorVisitor, UnsafeMutableRawPointer?) -> Int32

  let openFile: OpenFile
  let closeFile: NumberOf
  let openObject: OpenNamed
  let closeObject: NumberOf
  let kindOfObject: NumberOf
  let visitLinks: Visit

  let spaceOfDataset: OfHandle
  let typeOfDataset: OfHandle
  let listOfDataset: OfHandle
  let offsetOfDataset: AddressOf
  let read: Read

  let rankOfSpace: NumberOf
  let kindOfSpace: NumberOf
  let extentsOfSpace: Extents
  let makeSpace: MakeSpace
  let select: Select
  let closeSpace: NumberOf

  let layoutOfList: NumberOf
  let chunkOfList: Chunk
  let filterCount: NumberOf
  let externalCount: NumberOf
  let filter: Filter
  let hasFilter: FilterCheck
  let closeList: NumberOf

  let classOfType: NumberOf
  let sizeOfType: SizeOf
  let precisionOfType: SizeOf
  let offsetOfType: NumberOf
  let signOfType: NumberOf
  let orderOfType: NumberOf
  let fieldsOfType: Fields
  let biasOfType: SizeOf
  let baseOfType: OfHandle
  let memberCount: NumberOf
  let memberName: MemberName
  let memberType: MemberType
  let memberOffset: MemberOffset
  let memberValue: MemberValue
  let closeType: NumberOf
  let free: Free

  private let silence: Silence
  private let walkErrors: Walk

  private static let lock = Lock(())
  private static let loaded = Result { () throws(SystemLibrary.Failure) in try HDF5Library() }

  private init() throws(SystemLibrary.Failure) {
    let numbers = ["103", "310", "320", "200", "100"]
    let library = try SystemLibrary(
      numbers.flatMap { ["libhdf5_serial.so.\($0)", "libhdf5.so.\($0)"] }
        + ["libhdf5_serial.so", "libhdf5.so", "libhdf5.dylib", "/opt/homebrew/lib/libhdf5.dylib"])
    func function<Function>(
      _ name: String, _ type: Function.Type
    ) throws(SystemLibrary.Failure) -> Function { try library.function(name, type) }
    openFile = try function("H5Fopen", OpenFile.self)
    closeFile = try function("H5Fclose", NumberOf.self)
    openObject = try function("H5Oopen", OpenNamed.self)
    closeObject = try function("H5Oclose", NumberOf.self)
    kindOfObject = try function("H5Iget_type", NumberOf.self)
    // From 1.12 on the plain name is a macro.
    if let visit = try? function("H5Lvisit", Visit.self) {
      visitLinks = visit
    } else {
      visitLinks = try function("H5Lvisit1", Visit.self)
    }
    spaceOfDataset = try function("H5Dget_space", OfHandle.self)
    typeOfDataset = try function("H5Dget_type", OfHandle.self)
    listOfDataset = try function("H5Dget_create_plist", OfHandle.self)
    offsetOfDataset = try function("H5Dget_offset", AddressOf.self)
    read = try function("H5Dread", Read.self)
    rankOfSpace = try function("H5Sget_simple_extent_ndims", NumberOf.self)
    kindOfSpace = try function("H5Sget_simple_extent_type", NumberOf.self)
    extentsOfSpace = try function("H5Sget_simple_extent_dims", Extents.self)
    makeSpace = try function("H5Screate_simple", MakeSpace.self)
    select = try function("H5Sselect_hyperslab", Select.self)
    closeSpace = try function("H5Sclose", NumberOf.self)
    layoutOfList = try function("H5Pget_layout", NumberOf.self)
    chunkOfList = try function("H5Pget_chunk", Chunk.self)
    filterCount = try function("H5Pget_nfilters", NumberOf.self)
    externalCount = try function("H5Pget_external_count", NumberOf.self)
    filter = try function("H5Pget_filter2", Filter.self)
    hasFilter = try function("H5Zfilter_avail", FilterCheck.self)
    closeList = try function("H5Pclose", NumberOf.self)
    classOfType = try function("H5Tget_class", NumberOf.self)
    sizeOfType = try function("H5Tget_size", SizeOf.self)
    precisionOfType = try function("H5Tget_precision", SizeOf.self)
    offsetOfType = try function("H5Tget_offset", NumberOf.self)
    signOfType = try function("H5Tget_sign", NumberOf.self)
    orderOfType = try function("H5Tget_order", NumberOf.self)
    fieldsOfType = try function("H5Tget_fields", Fields.self)
    biasOfType = try function("H5Tget_ebias", SizeOf.self)
    baseOfType = try function("H5Tget_super", OfHandle.self)
    memberCount = try function("H5Tget_nmembers", NumberOf.self)
    memberName = try function("H5Tget_member_name", MemberName.self)
    memberType = try function("H5Tget_member_type", MemberType.self)
    memberOffset = try function("H5Tget_member_offset", MemberOffset.self)
    memberValue = try function("H5Tget_member_value", MemberValue.self)
    closeType = try function("H5Tclose", NumberOf.self)
    free = try function("H5free_memory", Free.self)
    silence = try function("H5Eset_auto2", Silence.self)
    walkErrors = try function("H5Ewalk2", Walk.self)
    guard try function("H5open", NoArguments.self)() >= 0 else {
      throw SystemLibrary.Failure(reason: "it does not start")
    }
  }

  /// What a body makes of the library while no other thread is in it.
  ///
  /// - Throws: `file` when there is none, and what the body throws.
  static func use<Result: Sendable>(
    for operation: String, _ body: (HDF5Library) throws(WeftError) -> Result
  ) throws(WeftError) -> Result {
    let library: HDF5Library
    switch loaded {
    case .success(let found): library = found
    case .failure(let failure):
      throw failure.error("HDF5", package: "libhdf5-103-1", operation)
    }
    return try lock.withLock { _ throws(WeftError) in
      // Its errors are told in our words, not on standard error.
      _ = library.silence(0, nil, nil)
      return try body(library)
    }
  }

  /// What HDF5 says of the call that failed: the innermost line of its stack.
  func failure(_ operation: String, _ message: String) -> WeftError {
    var reason = ""
    withUnsafeMutablePointer(to: &reason) { place in
      _ = walkErrors(
        0, 0,
        { number, error, target in
          guard number == 0, let error, let target else { return 0 }
          let text = error.load(fromByteOffset: 48, as: UnsafePointer<CChar>?.self)
          target.assumingMemoryBound(to: String.self).pointee =
            text.map { String(cString: $0) } ?? ""
          return 0
        }, place)
    }
    return WeftError(
      .fileFormat, operation,
      reason.isEmpty ? message : "\(message): HDF5 says: \(reason.prefix(300))")
  }
}

extension HDF5Library {
  /// `H5I_DATASET` of H5Ipublic.h.
  static let datasetKind: Int32 = 5
  /// `H5L_TYPE_HARD` of H5Lpublic.h.
  private static let hardLink: Int32 = 0
  /// More links are not looked at.
  private static let mostLinks = 100_000

  private struct Listing {
    var names: [String] = []
    var linkCount = 0
    let library: HDF5Library
  }

  /// The names of the datasets of a file, from the root.
  func datasets(of file: Handle) -> [String] {
    var listing = Listing(library: self)
    withUnsafeMutablePointer(to: &listing) { place in
      _ = visitLinks(
        file, 0, 0,
        { group, name, link, target in
          guard let name, let link, let target else { return 0 }
          let listing = target.assumingMemoryBound(to: Listing.self)
          listing.pointee.linkCount += 1
          guard listing.pointee.linkCount < HDF5Library.mostLinks else { return 1 }
          guard link.load(as: Int32.self) == HDF5Library.hardLink else { return 0 }
          let library = listing.pointee.library
          let object = library.openObject(group, name, 0)
          guard object >= 0 else { return 0 }
          if library.kindOfObject(object) == HDF5Library.datasetKind {
            listing.pointee.names.append(String(cString: name))
          }
          _ = library.closeObject(object)
          return 0
        }, place)
    }
    return listing.names.sorted()
  }
}
