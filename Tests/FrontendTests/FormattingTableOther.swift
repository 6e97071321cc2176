extension FormattingTable {
  /// What NumPy 2.4.6 writes of arrays of bool, integers and complex numbers.
  static let other = FormattingTable(
    "other",
    #"""
    a2s bool [3, 2] threshold=0 edge=0 width=76 mode=fixed sign=space sep=,_ prefix=x_=_
    = 1 0 0 1 1 0
    > [...,
    >      [..., False]]
    str bool [2, 1, 2, 2] suppress=0 mode=maxprec sign=+
    = 1 1 1 0 0 1 0 1
    > [[[[ True  True]
    >    [ True False]]]
    >
    >
    >  [[[False  True]
    >    [False  True]]]]
    str bool [20]
    = 1 0 1 0 1 1 0 0 0 0 1 0 0 0 1 1 1 0 0 0
    > [ True False  True False  True  True False False False False  True False
    >  False False  True  True  True False False False]
    str bool [13] edge=2 width=20 mode=fixed inf=oo
    = 0 1 0 1 0 0 0 1 1 1 0 1 0
    > [False  True False
    >   True False False
    >  False  True  True
    >   True False  True
    >  False]
    a2s int8 [8, 1] threshold=0 edge=0 width=100 prefix=prefix:_ suffix=)
    = 1 0 0 1 0 0 -1 0
    > [...
    >          [...  0]]
    a2s int8 [] prefix=x_=_
    = 4
    > 4
    a2s int8 [2, 4] threshold=5 sep=_;_
    = 1 34 106 64 26 29 61 0
    > [[  1 ;  34 ; 106 ;  64] ;
    >  [ 26 ;  29 ;  61 ;   0]]
    repr int8 [2, 1]
    = 88 64
    > array([[88],
    >        [64]], dtype=int8)
    str int8 [0, 2, 3] precision=1 width=10 suppress=0 sign=- inf=oo
    = 
    > []
    a2s int16 [1] precision=2 suppress=0 mode=maxprec_equal sign=+ sep=,_ suffix=)
    = 4
    > [+4]
    a2s int16 [2] sep= prefix=prefix:_
    = -7273 -9565
    > [-7273-9565]
    a2s int16 [6, 1] edge=10 suppress=1 mode=maxprec_equal nan=∅ prefix=prefix:_ suffix=)
    = -88 -73 -61 -94 -55 -8
    > [[-88]
    >          [-73]
    >          [-61]
    >          [-94]
    >          [-55]
    >          [ -8]]
    repr int16 [8, 2] precision=8 threshold=0 edge=1 suppress=0 sign=+
    = 13 26 22 81 21 102 -7 30 6 118 2 -7 40 124 2 92
    > array([[+13, +26],
    >        ...,
    >        [ +2, +92]], shape=(8, 2), dtype=int16)
    repr int16 [13] precision=12 threshold=0 mode=fixed sign=+
    = -2370 -11366 6061 32079 -5378 5122 24113 4838 -32421 3528 22313 26937 -17780
    > array([ -2370, -11366,  +6061, ..., +22313, +26937, -17780],
    >       shape=(13,), dtype=int16)
    repr int16 [6, 2] edge=0 suppress=1 mode=maxprec_equal sign=-
    = 0 -1 0 -1 -1 1 1 1 -1 -1 -1 0
    > array([[ 0, -1],
    >        [ 0, -1],
    >        [-1,  1],
    >        [ 1,  1],
    >        [-1, -1],
    >        [-1,  0]], dtype=int16)
    str int16 [20] threshold=10 edge=2 mode=fixed sign=space
    = 94 94 97 10 14 55 50 95 42 -1 73 74 56 11 61 65 72 36 73 65
    > [ 94  94 ...  73  65]
    str int16 [6, 1] mode=maxprec
    = -32768 32767 0 -32768 -32768 0
    > [[-32768]
    >  [ 32767]
    >  [     0]
    >  [-32768]
    >  [-32768]
    >  [     0]]
    str int16 [1, 4, 3] threshold=5000 suppress=1 inf=oo
    = 25347 21295 3932 4171 -11730 20960 -6054 24851 21488 26160 27180 21938
    > [[[ 25347  21295   3932]
    >   [  4171 -11730  20960]
    >   [ -6054  24851  21488]
    >   [ 26160  27180  21938]]]
    a2s int32 [8] threshold=0 sep=,_ prefix=x_=_ suffix=_end.
    = 20 6 13 78 99 108 108 37
    > [ 20,   6,  13, ..., 108, 108,  37]
    a2s int32 [3] suppress=0 sep=, prefix=x_=_
    = 53 53 73
    > [53,53,73]
    a2s int32 [6, 2] prefix=prefix:_
    = -72 -66 118 112 -91 41 118 24 -11 -93 66 -91
    > [[-72 -66]
    >          [118 112]
    >          [-91  41]
    >          [118  24]
    >          [-11 -93]
    >          [ 66 -91]]
    a2s int32 [] sep=_;_ prefix=prefix:_ suffix=)
    = 49
    > 49
    repr int32 [8] threshold=1
    = 2117166824 35461759 1487933531 -663184606 -42848103 496853568 -1304430652 1811412487
    > array([ 2117166824,    35461759,  1487933531, ...,   496853568,
    >        -1304430652,  1811412487], shape=(8,), dtype=int32)
    repr int32 []
    = 65
    > array(65, dtype=int32)
    str int32 [20] precision=12 threshold=5
    = 2 112 22 33 50 34 32 85 57 41 32 31 73 61 28 74 58 106 70 -9
    > [  2 112  22 ... 106  70  -9]
    str int32 [3] precision=8 mode=unique
    = 2147483647 0 -2147483648
    > [ 2147483647           0 -2147483648]
    str int32 [1, 4] edge=2 width=100 suppress=1
    = -1537447563 453023069 -1842139149 1358938783
    > [[-1537447563   453023069 -1842139149  1358938783]]
    a2s int64 [20] sep=_;_ suffix=)
    = -49 -47 -57 -53 -25 -22 -71 -49 -5 -65 -68 -75 -31 -90 -29 -63 -76 -86 -82 -18
    > [-49 ; -47 ; -57 ; -53 ; -25 ; -22 ; -71 ; -49 ;  -5 ; -65 ; -68 ; -75 ;
    >  -31 ; -90 ; -29 ; -63 ; -76 ; -86 ; -82 ; -18]
    repr int64 [13]
    = -18 -73 -58 -28 -95 -16 -24 -86 -77 -30 -36 -79 -13
    > array([-18, -73, -58, -28, -95, -16, -24, -86, -77, -30, -36, -79, -13])
    repr int64 [] precision=8 edge=1
    = 0
    > array(0)
    str int64 [2, 1, 2] threshold=10
    = 1 0 0 0
    > [[[1 0]]
    >
    >  [[0 0]]]
    str int64 [13] mode=unique
    = 0 -8 -5 -7 -5 -9 -1 -7 -7 1 -5 -5 -5
    > [ 0 -8 -5 -7 -5 -9 -1 -7 -7  1 -5 -5 -5]
    str int64 [] precision=17 mode=maxprec_equal sign=+ inf=oo
    = -4934709322327996020
    > -4934709322327996020
    a2s uint8 [3] suppress=0 nan=∅ sep=_;_ suffix=)
    = 186 199 137
    > [186 ; 199 ; 137]
    a2s uint8 [5, 4] sep=,_
    = 87 150 121 249 66 125 141 112 91 23 21 196 204 137 74 107 82 155 121 171
    > [[ 87, 150, 121, 249],
    >  [ 66, 125, 141, 112],
    >  [ 91,  23,  21, 196],
    >  [204, 137,  74, 107],
    >  [ 82, 155, 121, 171]]
    str uint8 [20] precision=6 threshold=5 width=200 sign=+
    = 95 41 31 80 4 37 102 4 53 7 68 24 123 33 85 87 108 43 109 98
    > [ +95  +41  +31 ...  +43 +109  +98]
    str uint8 [8]
    = 194 210 119 26 190 87 18 207
    > [194 210 119  26 190  87  18 207]
    a2s uint16 [20] threshold=0 width=100 mode=fixed sign=- sep=,_ prefix=prefix:_
    = 0 0 0 65535 65535 0 65535 0 0 0 65535 0 65535 0 0 0 0 65535 0 0
    > [    0,     0,     0, ..., 65535,     0,     0]
    repr uint16 [5]
    = 28290 56598 56769 36062 24267
    > array([28290, 56598, 56769, 36062, 24267], dtype=uint16)
    str uint16 []
    = 8
    > 8
    str uint16 [0, 0] sign=+
    = 
    > []
    a2s uint32 [13] precision=6 sep=_;_ prefix=prefix:_
    = 4294967295 4294967295 4294967295 0 4294967295 4294967295 0 0 4294967295 0 4294967295 0 0
    > [4294967295 ; 4294967295 ; 4294967295 ;          0 ; 4294967295 ;
    >          4294967295 ;          0 ;          0 ; 4294967295 ;          0 ;
    >          4294967295 ;          0 ;          0]
    a2s uint32 [2, 3] sep=,
    = 112 91 91 27 120 103
    > [[112, 91, 91],
    >  [ 27,120,103]]
    a2s uint32 [2] sep= prefix=prefix:_ suffix=_end.
    = 4 4
    > [44]
    str uint32 [2, 2, 3] precision=1 threshold=0 suppress=1 sign=space
    = 1 0 1 1 0 0 1 0 0 1 1 0
    > [[[ 1  0  1]
    >   [ 1  0  0]]
    >
    >  [[ 1  0  0]
    >   [ 1  1  0]]]
    str uint32 [4, 1]
    = 13 124 79 105
    > [[ 13]
    >  [124]
    >  [ 79]
    >  [105]]
    a2s uint64 [20] precision=0 threshold=1 sep=_;_ prefix=prefix:_
    = 1 1 1 0 1 0 1 0 0 0 0 1 1 0 0 0 1 0 0 1
    > [1 ; 1 ; 1 ; ... ; 0 ; 0 ; 1]
    a2s uint64 [3] precision=20 edge=0 sign=- nan=∅ prefix=prefix:_ suffix=_end.
    = 3900488409855099211 7242944608117945042 17413458641546917550
    > [ 3900488409855099211  7242944608117945042
    >          17413458641546917550]
    a2s uint64 [] sep=_;_ prefix=x_=_ suffix=)
    = 17036729993009773636
    > 17036729993009773636
    a2s uint64 [3] sep=,_
    = 7 0 6
    > [7, 0, 6]
    repr uint64 [] edge=0 suppress=0 sign=space
    = 8
    > array( 8, dtype=uint64)
    str uint64 [8, 3] precision=0 threshold=10 edge=1
    = 5 0 8 2 6 4 3 2 1 1 8 4 9 6 7 1 4 9 4 1 7 9 2 7
    > [[5 ... 8]
    >  ...
    >  [9 ... 7]]
    str uint64 [1, 2]
    = 36 32
    > [[36 32]]
    a2s complex64 [1] sep= prefix=prefix:_ suffix=)
    = nan,nan
    > [nan+nanj]
    repr complex64 [2] width=10 suppress=0 mode=fixed sign=+
    = 101770.6953125,9.374329566955566 614.8025512695312,6.816500186920166
    > array([+101770.69531250+9.37432957j,
    >           +614.80255127+6.81650019j],
    >       dtype=complex64)
    repr complex64 [2] threshold=10 width=10 mode=unique
    = 4346366464,0.05737364664673805 239199.390625,0.04472456872463226
    > array([4.3463665e+09+0.057373647j,
    >        2.3919939e+05+0.04472457j ],
    >       dtype=complex64)
    repr complex64 [3]
    = 0.0007783758919686079,0 581121.3125,0 35423.58984375,0
    > array([7.783759e-04+0.j, 5.811213e+05+0.j, 3.542359e+04+0.j],
    >       dtype=complex64)
    repr complex64 [1]
    = -inf,0.003987064119428396
    > array([-inf+0.00398706j], dtype=complex64)
    a2s complex128 [] sep=, suffix=_end.
    = -3.136,-inf
    > -3.136-infj
    a2s complex128 [5] sep=, prefix=prefix:_
    = -7.75,100000000 5.875,999999.9 6,nan -0.375,0 6.25,-inf
    > [-7.75 +1.000000e+08j, 5.875+9.999999e+05j, 6.            +nanj,
    >          -0.375+0.000000e+00j, 6.25          -infj]
    a2s complex128 [1, 1, 2] width=120 suppress=0 nan=∅ prefix=prefix:_ suffix=_end.
    = 144.439000005,-1.8 361.986000005,0
    > [[[144.439-1.8j 361.986+0.j ]]]
    a2s complex128 [1, 1] precision=16 suppress=0 mode=maxprec prefix=prefix:_
    = 399857.1254123984,2.8674
    > [[399857.1254123984+2.8674j]]
    a2s complex128 [1] suffix=)
    = 1.125,0
    > [1.125+0.j]
    repr complex128 [0, 3, 0] precision=20 sign=space
    = 
    > array([], shape=(0, 3, 0), dtype=complex128)
    repr complex128 [1, 2]
    = 5.5,128 -4.5,0.0078125
    > array([[ 5.5+1.2800e+02j, -4.5+7.8125e-03j]])
    repr complex128 [3]
    = 5.625,-5.2228006282562355e+88 -inf,-2.8647816479827548e+169 -inf,-4.288866563397368e+291
    > array([5.625-5.22280063e+088j,  -inf-2.86478165e+169j,
    >         -inf-4.28886656e+291j])
    repr complex128 [2]
    = -2.1828591646701394,517 1.0471800486854324,342
    > array([-2.18285916+517.j,  1.04718005+342.j])
    repr complex128 [2] threshold=1000 width=40
    = -0,nan inf,0
    > array([-0.+nanj, inf +0.j])
    repr complex128 [] threshold=5000 sign=-
    = -inf,-1.342963567586039e+214
    > array(-inf-1.34296357e+214j)
    str complex128 []
    = 0.84982282213188,3.875
    > (0.84982282213188+3.875j)
    """#)
}
