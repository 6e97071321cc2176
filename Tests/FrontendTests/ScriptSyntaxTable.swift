/// Sources and the trees that Python 3.11 parses them to.
///
/// The rows are printed by `scripts/script-syntax-table.py --table` from the left column.
let scriptSyntaxTable: [(source: String, tree: String)] = [
  (
    #"a + b - c + d"#,
    #"(+ (- (+ a b) c) d)"#
  ),
  (
    #"a - (b - c)"#,
    #"(- a (- b c))"#
  ),
  (
    #"a + b * c - d / e // f % g"#,
    #"(- (+ a (* b c)) (% (// (/ d e) f) g))"#
  ),
  (
    #"a @ b * c @ d"#,
    #"(@ (* (@ a b) c) d)"#
  ),
  (
    #"2 ** 3 ** 2"#,
    #"(** 2 (** 3 2))"#
  ),
  (
    #"-2 ** 2"#,
    #"(u- (** 2 2))"#
  ),
  (
    #"2 ** -1"#,
    #"(** 2 (u- 1))"#
  ),
  (
    #"2 ** -3 ** 2 * 4"#,
    #"(* (** 2 (u- (** 3 2))) 4)"#
  ),
  (
    #"(-2) ** 2"#,
    #"(** (u- 2) 2)"#
  ),
  (
    #"-x.T ** 2"#,
    #"(u- (** (. x T) 2))"#
  ),
  (
    #"- - + ~x"#,
    #"(u- (u- (u+ (u~ x))))"#
  ),
  (
    #"~a & b | c ^ d"#,
    #"(| (& (u~ a) b) (^ c d))"#
  ),
  (
    #"a | b ^ c & d << e + f * -g ** h"#,
    #"(| a (^ b (& c (<< d (+ e (* f (u- (** g h))))))))"#
  ),
  (
    #"a << b >> c + d"#,
    #"(>> (<< a b) (+ c d))"#
  ),
  (
    #"a & b == c"#,
    #"(cmp (& a b) == c)"#
  ),
  (
    #"a < b < c"#,
    #"(cmp a < b < c)"#
  ),
  (
    #"(a < b) < c"#,
    #"(cmp (cmp a < b) < c)"#
  ),
  (
    #"a < b == c != d >= e"#,
    #"(cmp a < b == c != d >= e)"#
  ),
  (
    #"not a == b"#,
    #"(not (cmp a == b))"#
  ),
  (
    #"not a and not not b or c"#,
    #"(or (and (not a) (not (not b))) c)"#
  ),
  (
    #"a and b and c or d and e or f"#,
    #"(or (and a b c) (and d e) f)"#
  ),
  (
    #"a or (b or c)"#,
    #"(or a (or b c))"#
  ),
  (
    #"a if b else c"#,
    #"(if b a c)"#
  ),
  (
    #"a if b else c if d else e"#,
    #"(if b a (if d c e))"#
  ),
  (
    #"(a if b else c) if d else e"#,
    #"(if d (if b a c) e)"#
  ),
  (
    #"a or b if c and d else not e"#,
    #"(if (and c d) (or a b) (not e))"#
  ),
  (
    #"a + 1 if b < 2 else -c"#,
    #"(if (cmp b < 2) (+ a 1) (u- c))"#
  ),
  (
    #"x.T.dot(log(x) + 1)"#,
    #"(call (. (. x T) dot) (+ (call log x) 1))"#
  ),
  (
    #"linalg.inv(a)[0].T"#,
    #"(. ([] (call (. linalg inv) a) 0) T)"#
  ),
  (
    #"np.float32(1)(2)[3]"#,
    #"([] (call (call (. np float32) 1) 2) 3)"#
  ),
  (
    #"f()"#,
    #"(call f)"#
  ),
  (
    #"f(a, b=1, *c, d=e if f else g,)"#,
    #"(call f a (= b 1) (* c) (= d (if f e g)))"#
  ),
  (
    #"f(*a, *b, c=(1, 2))"#,
    #"(call f (* a) (* b) (= c (tuple 1 2)))"#
  ),
  (
    #"x[1]"#,
    #"([] x 1)"#
  ),
  (
    #"x[1,]"#,
    #"([] x (tuple 1))"#
  ),
  (
    #"x[1, 2]"#,
    #"([] x (tuple 1 2))"#
  ),
  (
    #"x[(1, 2)]"#,
    #"([] x (tuple 1 2))"#
  ),
  (
    #"x[:]"#,
    #"([] x (: _ _ _))"#
  ),
  (
    #"x[::]"#,
    #"([] x (: _ _ _))"#
  ),
  (
    #"x[1:]"#,
    #"([] x (: 1 _ _))"#
  ),
  (
    #"x[:-1]"#,
    #"([] x (: _ (u- 1) _))"#
  ),
  (
    #"x[::2]"#,
    #"([] x (: _ _ 2))"#
  ),
  (
    #"x[a + 1:b if c else d:-1]"#,
    #"([] x (: (+ a 1) (if c b d) (u- 1)))"#
  ),
  (
    #"x[..., None, ::-1, 0:3]"#,
    #"([] x (tuple ... None (: _ _ (u- 1)) (: 0 3 _)))"#
  ),
  (
    #"x[x > 0][mask & ~other]"#,
    #"([] ([] x (cmp x > 0)) (& mask (u~ other)))"#
  ),
  (
    #"()"#,
    #"(tuple)"#
  ),
  (
    #"(a)"#,
    #"a"#
  ),
  (
    #"(a,)"#,
    #"(tuple a)"#
  ),
  (
    #"a,"#,
    #"(tuple a)"#
  ),
  (
    #"a, b"#,
    #"(tuple a b)"#
  ),
  (
    #"(a, (b, c), [])"#,
    #"(tuple a (tuple b c) (list))"#
  ),
  (
    #"[1, [2, 3], (4,),]"#,
    #"(list 1 (list 2 3) (tuple 4))"#
  ),
  (
    #"1_000 + 0x_fF - 0o17 * 0b1_01"#,
    #"(- (+ 1000 255) (* 15 5))"#
  ),
  (
    #"18446744073709551615"#,
    #"18446744073709551615"#
  ),
  (
    #"1.5 + 2. + .5 + 1_0.2_5 + 5e-1 + 0_1.5"#,
    #"(+ (+ (+ (+ (+ 1.5 2.0) 0.5) 10.25) 0.5) 1.5)"#
  ),
  (
    #"2j + 1.5J"#,
    #"(+ 2.0j 1.5j)"#
  ),
  (
    #"'a' "b" r'c' u'd'"#,
    #"'abcd'"#
  ),
  (
    #"'tab\x41\101\u0041\'"\q'"#,
    #"'tabAAA'"\q'"#
  ),
  (
    #"True, False, None, ..."#,
    #"(tuple True False None ...)"#
  ),
  (
    #"inf + nan"#,
    #"(+ inf nan)"#
  ),
  (
    #"y = x + 1"#,
    #"(= y (+ x 1))"#
  ),
  (
    #"a, b = c"#,
    #"(= (tuple a b) c)"#
  ),
  (
    #"(a, [b, c[0]]), d = e"#,
    #"(= (tuple (tuple a (tuple b ([] c 0))) d) e)"#
  ),
  (
    #"a = b = c, d"#,
    #"(= a b (tuple c d))"#
  ),
  (
    #"x[1:, 0] = 2"#,
    #"(= ([] x (tuple (: 1 _ _) 0)) 2)"#
  ),
  (
    #"x.y[0][1] = z"#,
    #"(= ([] ([] (. x y) 0) 1) z)"#
  ),
  (
    #"x += 1"#,
    #"(+= x 1)"#
  ),
  (
    #"x[i] -= 1, 2"#,
    #"(-= ([] x i) (tuple 1 2))"#
  ),
  (
    #"a *= b"#,
    #"(*= a b)"#
  ),
  (
    #"a /= b"#,
    #"(/= a b)"#
  ),
  (
    #"a //= b"#,
    #"(//= a b)"#
  ),
  (
    #"a **= b ** c"#,
    #"(**= a (** b c))"#
  ),
  (
    #"a %= b"#,
    #"(%= a b)"#
  ),
  (
    #"a @= b"#,
    #"(@= a b)"#
  ),
  (
    #"a &= b"#,
    #"(&= a b)"#
  ),
  (
    #"a |= b"#,
    #"(|= a b)"#
  ),
  (
    #"a ^= b"#,
    #"(^= a b)"#
  ),
  (
    #"a <<= b"#,
    #"(<<= a b)"#
  ),
  (
    #"a >>= b"#,
    #"(>>= a b)"#
  ),
  (
    #"y = x.T.dot(log(x) + 1); z = y - y.mean(axis=0); z[:5]"#,
    #"(= y (call (. (. x T) dot) (+ (call log x) 1))); (= z (- y (call (. y mean) (= axis 0)))); ([] z (: _ 5 _))"#
  ),
  (
    #"π = 3; Größe_2 = π * 中"#,
    #"(= π 3); (= Größe_2 (* π 中))"#
  ),
]
