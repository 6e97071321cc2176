extension FormattingTable {
  /// What NumPy 2.4.6 writes of real floating-point arrays.
  static let real = FormattingTable(
    "real",
    #"""
    a2s float16 [13] threshold=5 edge=5 width=100 sep= prefix=prefix:_ suffix=)
    = 7.25 3.75 0.5 0 5 4.75 7.375 2.375 3.5 0.375 0 4.875 1
    > [7.25 3.75 0.5  0.   5.   ...3.5  0.3750.   4.8751.   ]
    a2s float16 [3, 7] sep=, prefix=x_=_ suffix=)
    = 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    > [[0.,0.,0.,0.,0.,0.,0.],
    >      [0.,0.,0.,0.,0.,0.,0.],
    >      [0.,0.,0.,0.,0.,0.,0.]]
    a2s float16 [1, 5] sep=,_ suffix=_end.
    = 0.0149993896484375 -0 15 nan 2
    > [[ 0.015, -0.   , 15.   ,    nan,  2.   ]]
    a2s float16 [2, 1, 3] sep=,_ suffix=)
    = inf inf inf inf inf inf
    > [[[inf, inf, inf]],
    >
    >  [[inf, inf, inf]]]
    a2s float16 [5] edge=2 inf=∞ sep=_;_ prefix=x_=_ suffix=)
    = 0 inf inf nan 0
    > [ 0. ;   ∞ ;   ∞ ; nan ;  0.]
    a2s float16 [] sep=,_ suffix=)
    = nan
    > nan
    a2s float16 [13] edge=1 sign=+ sep=_;_ prefix=x_=_ suffix=)
    = -inf -inf -inf -inf -inf -inf -inf -inf -inf -inf -inf -inf -inf
    > [-inf ; -inf ; -inf ; -inf ; -inf ; -inf ; -inf ; -inf ; -inf ; -inf ;
    >      -inf ; -inf ; -inf]
    a2s float16 [8] prefix=x_=_ suffix=_end.
    = -9384 -1306 -10280 12224 16672 6664 -10120 19696
    > [-9.384e+03 -1.306e+03 -1.028e+04  1.222e+04  1.667e+04
    >       6.664e+03 -1.012e+04  1.970e+04]
    a2s float16 [8] sep=, prefix=prefix:_ suffix=)
    = nan 0 -1.25 -4.625 -1.375 -4.125 4.875 1.75
    > [   nan, 0.   ,-1.25 ,-4.625,-1.375,-4.125, 4.875, 1.75 ]
    repr float16 [5] precision=2 threshold=0 edge=0 width=1
    = 0 0 0 0 0
    > array([...,
    >        0.],
    >       shape=(5,), dtype=float16)
    repr float16 [5] edge=0 suppress=1
    = 2.384185791015625e-07 0.015625 0.015625 0 1024
    > array([2.384e-07, 1.563e-02, 1.563e-02, 0.000e+00, 1.024e+03],
    >       dtype=float16)
    repr float16 [5]
    = -1.74609375 1.8642578125 0.343505859375 -3.146484375 inf
    > array([-1.746 ,  1.864 ,  0.3435, -3.146 ,     inf], dtype=float16)
    repr float16 [1, 1, 1]
    = 0
    > array([[[0.]]], dtype=float16)
    str float16 [1, 4] precision=30 threshold=0 edge=0 width=80 suppress=0 mode=fixed
    = inf 1000 0.0999755859375 0.01000213623046875
    > [...
    >  [... 1.000213623046875000000000000000e-02]]
    str float16 [1, 4] precision=16 threshold=0 edge=1 width=100 sign=space
    = nan inf inf 0
    > [[ nan ...   0.]]
    str float16 [13] threshold=5 suppress=0 mode=maxprec_equal inf=∞
    = 10000 2000 1500 0.0020008087158203125 10000 inf inf 0.00020003318786621094 inf inf 1 1 100
    > [1.0e+04 2.0e+03 1.5e+03 ... 1.0e+00 1.0e+00 1.0e+02]
    str float16 [8]
    = -inf inf inf inf -inf inf inf inf
    > [-inf  inf  inf  inf -inf  inf  inf  inf]
    str float16 [1, 1, 2, 3]
    = 0 inf 6.121397018432617e-05 inf 14.0390625 2.2649765014648438e-06
    > [[[[0.000e+00       inf 6.121e-05]
    >    [      inf 1.404e+01 2.265e-06]]]]
    str float16 [1]
    = 1000
    > [1.e+03]
    str float16 [3, 0, 3]
    = 
    > []
    str float16 [2, 2, 3] precision=30 edge=10
    = inf inf 0 inf 0 inf 0 inf inf 0 0 0
    > [[[inf inf  0.]
    >   [inf  0. inf]]
    >
    >  [[ 0. inf inf]
    >   [ 0.  0.  0.]]]
    str float16 [5, 1] precision=30 edge=0 sign=space
    = 527.5 1714 2902 4088 5276
    > [[ 5.275e+02]
    >  [ 1.714e+03]
    >  [ 2.902e+03]
    >  [ 4.088e+03]
    >  [ 5.276e+03]]
    str float16 [13] precision=16 width=10 sign=-
    = 0 0 0 0 0 0 0 0 0 0 0 0 0
    > [0. 0. 0.
    >  0. 0. 0.
    >  0. 0. 0.
    >  0. 0. 0.
    >  0.]
    str float16 [] sign=space
    = 0
    > 0.0
    a2s float32 [1, 2, 3] threshold=1 edge=0 sign=+ sep=_;_ prefix=x_=_
    = 0 0 nan 0 0 0
    > [... ;
    >
    >      [... ;
    >       [... ;  +0.]]]
    a2s float32 [13] threshold=5 edge=2 sign=+ sep=, prefix=x_=_ suffix=_end.
    = 1.5 0.75 0.5 0 -2.625 -2.875 -5.75 -4.125 2 -2.75 -2.375 -0 nan
    > [+1.5 ,+0.75,...,-0.  , +nan]
    a2s float32 [1] precision=20 threshold=5 prefix=x_=_ suffix=)
    = 1424282.375
    > [1.4242824e+06]
    a2s float32 [3] sep= suffix=)
    = 0 0 0
    > [0.0.0.]
    a2s float32 [2] sep= prefix=x_=_
    = -3.2143521308898926 -4024577294336
    > [-3.2143521e+00-4.0245773e+12]
    a2s float32 [] precision=20 edge=0 suppress=0 sep= prefix=x_=_ suffix=_end.
    = 60880528
    > 6.088053e+07
    a2s float32 [2] suppress=0 sep=_;_ prefix=prefix:_ suffix=_end.
    = 247.85060119628906 2478.505859375
    > [ 247.8506 ; 2478.5059]
    a2s float32 [1, 1, 2, 3] prefix=x_=_ suffix=_end.
    = -1053193.625 1269677.75 441791.25 -0 inf 451836.4375
    > [[[[-1.0531936e+06  1.2696778e+06  4.4179125e+05]
    >        [-0.0000000e+00            inf  4.5183644e+05]]]]
    a2s float32 [2, 3] sep=, prefix=x_=_
    = 0 0 0 0 0 0
    > [[0.,0.,0.],
    >      [0.,0.,0.]]
    a2s float32 [1, 4, 2] edge=3 sep=, prefix=prefix:_ suffix=_end.
    = 994499 335495 709125 260450 581381 562309 981490 579999
    > [[[994499.,335495.],
    >           [709125.,260450.],
    >           [581381.,562309.],
    >           [981490.,579999.]]]
    a2s float32 [4, 1] precision=1 threshold=0 sep=, prefix=x_=_ suffix=_end.
    = 1247.5762939453125 -1413.706787109375 256.3268737792969 -625.1788330078125
    > [[ 1247.6],
    >      [-1413.7],
    >      [  256.3],
    >      [ -625.2]]
    a2s float32 [2, 1] sep=_;_ prefix=prefix:_ suffix=_end.
    = -5.1428033349262495e-26 -2054666.875
    > [[-5.1428033e-26] ;
    >          [-2.0546669e+06]]
    a2s float32 [6, 1] sep= suffix=)
    = nan nan nan nan nan nan
    > [[nan]
    >  [nan]
    >  [nan]
    >  [nan]
    >  [nan]
    >  [nan]]
    repr float32 [1, 4] precision=17 width=0 sign=+
    = 31980896 6.143432873528809e-09 0.0003756829828489572 nan
    > array([[+3.1980896e+07,
    >         +6.1434329e-09,
    >         +3.7568298e-04,
    >                   +nan]],
    >       dtype=float32)
    repr float32 [1]
    = 80.07337188720703
    > array([80.07337], dtype=float32)
    repr float32 [2, 3] edge=10 inf=Infinity
    = 0 inf 0 inf 0 inf
    > array([[      0., Infinity,       0.],
    >        [Infinity,       0., Infinity]], dtype=float32)
    repr float32 [3] width=120 suppress=1 sign=+
    = nan inf nan
    > array([+nan, +inf, +nan], dtype=float32)
    repr float32 [1, 5]
    = inf 0 inf inf 0
    > array([[inf,  0., inf, inf,  0.]], dtype=float32)
    repr float32 []
    = 1.52587890625e-05
    > array(1.5258789e-05, dtype=float32)
    repr float32 [5] precision=8 sign=+
    = -3 1.25 7.5 -1.625 7.75
    > array([-3.   , +1.25 , +7.5  , -1.625, +7.75 ], dtype=float32)
    str float32 [2, 1, 2] threshold=5 suppress=1
    = 117.68164825439453 117.68164825439453 117.68164825439453 117.68164825439453
    > [[[117.68165 117.68165]]
    >
    >  [[117.68165 117.68165]]]
    str float32 [2] precision=2 sign=space inf=∞
    = 200000 0.001500000013038516
    > [ 2.0e+05  1.5e-03]
    str float32 [20] sign=-
    = -7 4 -6 1 -6 0 -8 7 -6 -8 9 3 -9 -6 6 10 1 -3 -6 8
    > [-7.  4. -6.  1. -6.  0. -8.  7. -6. -8.  9.  3. -9. -6.  6. 10.  1. -3.
    >  -6.  8.]
    str float32 [8]
    = 1000000000 0.009999999776482582 100 9.999999747378752e-06 inf 150000 -0 10
    > [ 1.0e+09  1.0e-02  1.0e+02  1.0e-05      inf  1.5e+05 -0.0e+00  1.0e+01]
    str float32 [1, 4, 1] threshold=0 suppress=1 mode=maxprec_equal
    = 10733635 43153488 42879444 74185072
    > [[[1.0733635e+07]
    >   [4.3153488e+07]
    >   [4.2879444e+07]
    >   [7.4185072e+07]]]
    a2s float64 [3, 5] precision=8 threshold=0 edge=1 suppress=0 sign=space sep=,_ suffix=)
    = 1.28 -0.05 9.53 5.44 2.68 1.9 -0.11 -1.87 -0.1 -0.41 -2.66 -2.28 -8.96 9.83 3.77
    > [[ 1.28, ...,  2.68],
    >  ...,
    >  [-2.66, ...,  3.77]]
    a2s float64 [] threshold=10 suppress=0 sep=,_ suffix=)
    = -7360301415.171759
    > -7.36030142e+09
    a2s float64 [2, 3] edge=10 suppress=0 sign=+ sep=,
    = 999999990.0000001 9.9999999995 10000 nan 1.5000000000000002e-05 999999.9900000001
    > [[+9.9999999e+08,+1.0000000e+01,+1.0000000e+04],
    >  [          +nan,+1.5000000e-05,+9.9999999e+05]]
    a2s float64 [1] sep=, prefix=prefix:_ suffix=)
    = inf
    > [inf]
    a2s float64 [1, 2] precision=6 suppress=0 sign=space sep=,_ suffix=_end.
    = inf -0
    > [[ inf,  -0.]]
    a2s float64 [1, 4, 2] sep=,_
    = 0 0.015 2000000000 999999999.95 0 999999.9900000001 inf 1500000000
    > [[[0.0000000e+00, 1.5000000e-02],
    >   [2.0000000e+09, 1.0000000e+09],
    >   [0.0000000e+00, 9.9999999e+05],
    >   [          inf, 1.5000000e+09]]]
    a2s float64 [3] edge=5 mode=unique sep=,_ prefix=x_=_
    = nan nan nan
    > [nan, nan, nan]
    a2s float64 [2] precision=1 threshold=5000 sep= prefix=x_=_ suffix=_end.
    = 5.211697832104032e-183 3.975969976483703e-82
    > [5.2e-1834.0e-082]
    a2s float64 [5, 2] sep=
    = 1500 1000 9.9999999 99999999.995 100 100 10000000 0.0002 150 9.9999999995
    > [[1.5000000e+031.0000000e+03]
    >  [9.9999999e+001.0000000e+08]
    >  [1.0000000e+021.0000000e+02]
    >  [1.0000000e+072.0000000e-04]
    >  [1.5000000e+021.0000000e+01]]
    a2s float64 [0, 1, 1] sep=,_ suffix=_end.
    = 
    > []
    a2s float64 [2, 2] sep= suffix=)
    = -4.375 3.75 4.25 4.125
    > [[-4.375 3.75 ]
    >  [ 4.25  4.125]]
    a2s float64 [1] precision=6 nan=NA sep= prefix=x_=_ suffix=)
    = 55896.500000005
    > [55896.5]
    repr float64 [1]
    = -1.5341815245667556e+126
    > array([-1.53418152e+126])
    repr float64 []
    = 0.021863005851300327
    > array(0.02186301)
    repr float64 [3, 1, 2]
    = 1500000000 100000 0.1 0.1 100 9.9999999995
    > array([[[1.5e+09, 1.0e+05]],
    >
    >        [[1.0e-01, 1.0e-01]],
    >
    >        [[1.0e+02, 1.0e+01]]])
    repr float64 [2] threshold=1000
    = 0.00048828125 8
    > array([4.8828125e-04, 8.0000000e+00])
    repr float64 [3]
    = nan -0 nan
    > array([nan, -0., nan])
    repr float64 [1, 2] precision=0 mode=maxprec sign=+
    = nan -0
    > array([[+nan,  -0.]])
    repr float64 [5]
    = 924.4782804801702 231581.80926028264 462239.1402400851 692896.4712198875 923553.80219969
    > array([   924.47828048, 231581.80926028, 462239.14024009, 692896.47121989,
    >        923553.80219969])
    repr float64 [5] precision=1 threshold=1000 sign=space
    = -95178409907414.52 1.217207690514418e+16 -0 1181888097020678.8 nan
    > array([-9.5e+13,  1.2e+16, -0.0e+00,  1.2e+15,      nan])
    repr float64 [1, 2, 2] threshold=0 mode=fixed
    = 987 260 754 935
    > array([[[987.00000000, 260.00000000],
    >         [754.00000000, 935.00000000]]], shape=(1, 2, 2))
    repr float64 [3, 2] precision=6 threshold=1000 width=20
    = 55 -606 -726 -420 -657 -137
    > array([[  55.,
    >         -606.],
    >        [-726.,
    >         -420.],
    >        [-657.,
    >         -137.]])
    repr float64 [3, 1, 3]
    = -4.525 -0.4397 -5.9675 -9.7648 -inf -3.2014 4.1344 -3.4374 inf
    > array([[[-4.525 , -0.4397, -5.9675]],
    >
    >        [[-9.7648,    -inf, -3.2014]],
    >
    >        [[ 4.1344, -3.4374,     inf]]])
    str float64 [2, 3, 1] precision=16 threshold=0 edge=0 width=120 mode=maxprec sign=-
    = 0 0 0 0 0 0
    > [...
    >
    >  [...
    >   [... 0.]]]
    str float64 [8] threshold=0
    = 3.0517578125e-05 1.862645149230957e-09 33554432 1024 0 67108864 4 2.384185791015625e-07
    > [3.05175781e-05 1.86264515e-09 3.35544320e+07 ... 6.71088640e+07
    >  4.00000000e+00 2.38418579e-07]
    str float64 [8] precision=2 threshold=5 width=20 mode=fixed sign=space
    = 66 -inf -157 -202 -884 -215 0 76
    > [  66.00    -inf
    >  -157.00 ...
    >  -215.00    0.00
    >    76.00]
    str float64 [] threshold=1000
    = 854714885074.7966
    > 854714885074.7966
    str float64 [3]
    = -inf 9.10879434579923e+195 2.428060171934682e-75
    > [           -inf 9.10879435e+195 2.42806017e-075]
    str float64 [5, 4] precision=3 width=20
    = 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
    > [[0. 0. 0. 0.]
    >  [0. 0. 0. 0.]
    >  [0. 0. 0. 0.]
    >  [0. 0. 0. 0.]
    >  [0. 0. 0. 0.]]
    str float64 [5]
    = nan nan nan nan nan
    > [nan nan nan nan nan]
    str float64 [3, 1]
    = 646.3168731912888 323481.59503224003 646316.8731912888
    > [[   646.31687319]
    >  [323481.59503224]
    >  [646316.87319129]]
    str float64 [5]
    = -7.375 -6.25 -5 -3.375 0.625
    > [-7.375 -6.25  -5.    -3.375  0.625]
    str float64 [1, 4, 1] precision=30 threshold=1000 suppress=0 mode=unique sign=+
    = -989 705 560 741
    > [[[-989.]
    >   [+705.]
    >   [+560.]
    >   [+741.]]]
    str float64 [3] threshold=10 sign=+
    = nan inf -6.875
    > [  +nan   +inf -6.875]
    str float64 [2, 2, 2]
    = 150000 0.9999999900000001 1000 999999999.95 10000 0.1 9.9999999 150
    > [[[1.5000000e+05 9.9999999e-01]
    >   [1.0000000e+03 1.0000000e+09]]
    >
    >  [[1.0000000e+04 1.0000000e-01]
    >   [9.9999999e+00 1.5000000e+02]]]
    str float64 [5] threshold=1 mode=fixed
    = 937 497 inf 381 27
    > [937.00000000 497.00000000          inf 381.00000000  27.00000000]
    """#)
}
