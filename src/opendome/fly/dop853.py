"""One step of Dormand and Prince's 8(5,3) method for LANES bodies side by side, with its dense output.

Bodies do not touch one another: each has its own step, in `h`. Arrays of WIDTH numbers hold component c of lane i at
c * LANES + i, in the order x, y, z, vx, vy, vz, so that the loops below become vector instructions. Rows of `k` hold
the rates at the method's stages: 0 at the start of the step, 12 at its end, 13 .. 15 for the dense output.
Coefficients that are zero are left out of the sums.

Source: hairer1993, II.5 and II.6 (method and coefficients of DOP853).
"""

from opendome.fly.motion import LANES, rates
from opendome.kernel import kernel

WIDTH, STAGES, DENSE = 6 * LANES, 16, 8

# Stage s of the method: y + h (A{s}_0 k0 + A{s}_1 k1 + ...). Stage 12 is the end of the step.
A1_0 = 0.05260015195876773
A2_0, A2_1 = 0.0197250569845379, 0.0591751709536137
A3_0, A3_2 = 0.02958758547680685, 0.08876275643042054
A4_0, A4_2, A4_3 = 0.2413651341592667, -0.8845494793282861, 0.924834003261792
A5_0, A5_3, A5_4 = 0.037037037037037035, 0.17082860872947386, 0.12546768756682242
A6_0, A6_3, A6_4, A6_5 = 0.037109375, 0.17025221101954405, 0.06021653898045596, -0.017578125
(A7_0, A7_3, A7_4, A7_5, A7_6) = (
    0.03709200011850479, 0.17038392571223998, 0.10726203044637328, -0.015319437748624402, 0.008273789163814023)
(A8_0, A8_3, A8_4, A8_5, A8_6, A8_7) = (
    0.6241109587160757, -3.3608926294469414, -0.868219346841726, 27.59209969944671, 20.154067550477894,
    -43.48988418106996)
(A9_0, A9_3, A9_4, A9_5, A9_6, A9_7, A9_8) = (
    0.47766253643826434, -2.4881146199716677, -0.590290826836843, 21.230051448181193, 15.279233632882423,
    -33.28821096898486, -0.020331201708508627)
(A10_0, A10_3, A10_4, A10_5, A10_6, A10_7, A10_8, A10_9) = (
    -0.9371424300859873, 5.186372428844064, 1.0914373489967295, -8.149787010746927, -18.52006565999696,
    22.739487099350505, 2.4936055526796523, -3.0467644718982196)
(A11_0, A11_3, A11_4, A11_5, A11_6, A11_7, A11_8, A11_9, A11_10) = (
    2.273310147516538, -10.53449546673725, -2.0008720582248625, -17.9589318631188, 27.94888452941996,
    -2.8589982771350235, -8.87285693353063, 12.360567175794303, 0.6433927460157636)
(A12_0, A12_5, A12_6, A12_7, A12_8, A12_9, A12_10, A12_11) = (
    0.054293734116568765, 4.450312892752409, 1.8915178993145003, -5.801203960010585, 0.3111643669578199,
    -0.1521609496625161, 0.20136540080403034, 0.04471061572777259)
(A13_0, A13_6, A13_7, A13_8, A13_9, A13_10, A13_11, A13_12) = (
    0.056167502283047954, 0.25350021021662483, -0.2462390374708025, -0.12419142326381637, 0.15329179827876568,
    0.00820105229563469, 0.007567897660545699, -0.008298)
(A14_0, A14_5, A14_6, A14_7, A14_10, A14_11, A14_12, A14_13) = (
    0.03183464816350214, 0.028300909672366776, 0.053541988307438566, -0.05492374857139099,
    -0.00010834732869724932, 0.0003825710908356584, -0.00034046500868740456, 0.1413124436746325)
(A15_0, A15_5, A15_6, A15_7, A15_8, A15_12, A15_13, A15_14) = (
    -0.42889630158379194, -4.697621415361164, 7.683421196062599, 4.06898981839711, 0.3567271874552811,
    -0.0013990241651590145, 2.9475147891527724, -9.15095847217987)

# Error estimates of orders five and three.
(E5_0, E5_5, E5_6, E5_7, E5_8, E5_9, E5_10, E5_11) = (
    0.01312004499419488, -1.2251564463762044, -0.4957589496572502, 1.6643771824549864, -0.35032884874997366,
    0.3341791187130175, 0.08192320648511571, -0.022355307863886294)
(E3_0, E3_5, E3_6, E3_7, E3_8, E3_9, E3_10, E3_11) = (
    -0.18980075407240762, 4.450312892752409, 1.8915178993145003, -5.801203960010585, -0.4226823213237919,
    -0.1521609496625161, 0.20136540080403034, 0.02265179219836082)

# Dense output.
(D0_0, D0_5, D0_6, D0_7, D0_8, D0_9, D0_10, D0_11, D0_12, D0_13, D0_14, D0_15) = (
    -8.428938276109013, 0.5667149535193777, -3.0689499459498917, 2.38466765651207, 2.117034582445028,
    -0.871391583777973, 2.2404374302607883, 0.6315787787694688, -0.08899033645133331, 18.148505520854727,
    -9.194632392478356, -4.436036387594894)
(D1_0, D1_5, D1_6, D1_7, D1_8, D1_9, D1_10, D1_11, D1_12, D1_13, D1_14, D1_15) = (
    10.427508642579134, 242.28349177525817, 165.20045171727028, -374.5467547226902, -22.113666853125306,
    7.733432668472264, -30.674084731089398, -9.332130526430229, 15.697238121770845, -31.139403219565178,
    -9.35292435884448, 35.81684148639408)
(D2_0, D2_5, D2_6, D2_7, D2_8, D2_9, D2_10, D2_11, D2_12, D2_13, D2_14, D2_15) = (
    19.985053242002433, -387.0373087493518, -189.17813819516758, 527.8081592054236, -11.57390253995963,
    6.8812326946963, -1.0006050966910838, 0.7777137798053443, -2.778205752353508, -60.19669523126412,
    84.32040550667716, 11.99229113618279)
(D3_0, D3_5, D3_6, D3_7, D3_8, D3_9, D3_10, D3_11, D3_12, D3_13, D3_14, D3_15) = (
    -25.69393346270375, -154.18974869023643, -231.5293791760455, 357.6391179106141, 93.40532418362432,
    -37.45832313645163, 104.0996495089623, 29.8402934266605, -43.53345659001114, 96.32455395918828,
    -39.17726167561544, -149.72683625798564)


@kernel(lanes=True)
def step(earth, lanes, lift, law, h, y, k, w, after):
    """Try a step from `y` (whose rates are in k[0]) to `after`; `w` is scratch."""
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A1_0 * k[0, c])
    rates(earth, lanes, lift, law, w, k[1])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A2_0 * k[0, c] + A2_1 * k[1, c])
    rates(earth, lanes, lift, law, w, k[2])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A3_0 * k[0, c] + A3_2 * k[2, c])
    rates(earth, lanes, lift, law, w, k[3])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A4_0 * k[0, c] + A4_2 * k[2, c] + A4_3 * k[3, c])
    rates(earth, lanes, lift, law, w, k[4])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A5_0 * k[0, c] + A5_3 * k[3, c] + A5_4 * k[4, c])
    rates(earth, lanes, lift, law, w, k[5])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A6_0 * k[0, c] + A6_3 * k[3, c] + A6_4 * k[4, c] + A6_5 * k[5, c])
    rates(earth, lanes, lift, law, w, k[6])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A7_0 * k[0, c] + A7_3 * k[3, c] + A7_4 * k[4, c] + A7_5 * k[5, c] + A7_6 * k[6, c])
    rates(earth, lanes, lift, law, w, k[7])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A8_0 * k[0, c] + A8_3 * k[3, c] + A8_4 * k[4, c] + A8_5 * k[5, c] + A8_6 * k[6, c] +
                           A8_7 * k[7, c])
    rates(earth, lanes, lift, law, w, k[8])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A9_0 * k[0, c] + A9_3 * k[3, c] + A9_4 * k[4, c] + A9_5 * k[5, c] + A9_6 * k[6, c] +
                           A9_7 * k[7, c] + A9_8 * k[8, c])
    rates(earth, lanes, lift, law, w, k[9])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A10_0 * k[0, c] + A10_3 * k[3, c] + A10_4 * k[4, c] + A10_5 * k[5, c] + A10_6 * k[6, c]
                           + A10_7 * k[7, c] + A10_8 * k[8, c] + A10_9 * k[9, c])
    rates(earth, lanes, lift, law, w, k[10])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A11_0 * k[0, c] + A11_3 * k[3, c] + A11_4 * k[4, c] + A11_5 * k[5, c] + A11_6 * k[6, c]
                           + A11_7 * k[7, c] + A11_8 * k[8, c] + A11_9 * k[9, c] +
                           A11_10 * k[10, c])
    rates(earth, lanes, lift, law, w, k[11])
    for c in range(WIDTH):
        after[c] = y[c] + h[c] * (A12_0 * k[0, c] + A12_5 * k[5, c] + A12_6 * k[6, c] + A12_7 * k[7, c] + A12_8 * k[8,
                               c] + A12_9 * k[9, c] + A12_10 * k[10, c] + A12_11 *
                               k[11, c])
    rates(earth, lanes, lift, law, after, k[12])


@kernel(lanes=True)
def errors(h, k, scale, e5, e3):
    """Estimated errors of orders five and three, (WIDTH,), in units of the tolerated ones (one over `scale`)."""
    for c in range(WIDTH):
        e5[c] = scale[c] * h[c] * (E5_0 * k[0, c] + E5_5 * k[5, c] + E5_6 * k[6, c] + E5_7 * k[7, c] + E5_8 * k[8,
                                   c] + E5_9 * k[9, c] + E5_10 * k[10, c] +
                                   E5_11 * k[11, c])
        e3[c] = scale[c] * h[c] * (E3_0 * k[0, c] + E3_5 * k[5, c] + E3_6 * k[6, c] + E3_7 * k[7, c] + E3_8 * k[8,
                                   c] + E3_9 * k[9, c] + E3_10 * k[10, c] +
                                   E3_11 * k[11, c])


@kernel(lanes=True)
def dense(earth, lanes, lift, law, h, y, after, k, w, f):
    """Fill `f` (DENSE, WIDTH) with the step's interpolating polynomial: powers 0 .. 7 of the fraction of the step.

    The method's nested form f0 + x (f1 + (1 - x) (f2 + x (f3 + (1 - x) (f4 + x (f5 + (1 - x) (f6 + x f7)))))),
    multiplied out.
    """
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A13_0 * k[0, c] + A13_6 * k[6, c] + A13_7 * k[7, c] + A13_8 * k[8, c] + A13_9 * k[9, c]
                           + A13_10 * k[10, c] + A13_11 * k[11, c] + A13_12 * k[12, c])
    rates(earth, lanes, lift, law, w, k[13])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A14_0 * k[0, c] + A14_5 * k[5, c] + A14_6 * k[6, c] + A14_7 * k[7, c] + A14_10 * k[10,
                           c] + A14_11 * k[11, c] + A14_12 * k[12, c] + A14_13 * k[13,
                           c])
    rates(earth, lanes, lift, law, w, k[14])
    for c in range(WIDTH):
        w[c] = y[c] + h[c] * (A15_0 * k[0, c] + A15_5 * k[5, c] + A15_6 * k[6, c] + A15_7 * k[7, c] + A15_8 * k[8, c]
                           + A15_12 * k[12, c] + A15_13 * k[13, c] + A15_14 * k[14, c])
    rates(earth, lanes, lift, law, w, k[15])
    # The four sums first, each in a loop of its own: one loop with all of this is not made into vector instructions.
    for c in range(WIDTH):
        f[4, c] = h[c] * (D0_0 * k[0, c] + D0_5 * k[5, c] + D0_6 * k[6, c] + D0_7 * k[7, c] + D0_8 * k[8, c] + D0_9
                          * k[9, c] + D0_10 * k[10, c] + D0_11 * k[11, c] + D0_12 * k[12,
                          c] + D0_13 * k[13, c] + D0_14 * k[14, c] + D0_15 * k[15, c])
    for c in range(WIDTH):
        f[5, c] = h[c] * (D1_0 * k[0, c] + D1_5 * k[5, c] + D1_6 * k[6, c] + D1_7 * k[7, c] + D1_8 * k[8, c] + D1_9
                          * k[9, c] + D1_10 * k[10, c] + D1_11 * k[11, c] + D1_12 * k[12,
                          c] + D1_13 * k[13, c] + D1_14 * k[14, c] + D1_15 * k[15, c])
    for c in range(WIDTH):
        f[6, c] = h[c] * (D2_0 * k[0, c] + D2_5 * k[5, c] + D2_6 * k[6, c] + D2_7 * k[7, c] + D2_8 * k[8, c] + D2_9
                          * k[9, c] + D2_10 * k[10, c] + D2_11 * k[11, c] + D2_12 * k[12,
                          c] + D2_13 * k[13, c] + D2_14 * k[14, c] + D2_15 * k[15, c])
    for c in range(WIDTH):
        f[7, c] = h[c] * (D3_0 * k[0, c] + D3_5 * k[5, c] + D3_6 * k[6, c] + D3_7 * k[7, c] + D3_8 * k[8, c] + D3_9
                          * k[9, c] + D3_10 * k[10, c] + D3_11 * k[11, c] + D3_12 * k[12,
                          c] + D3_13 * k[13, c] + D3_14 * k[14, c] + D3_15 * k[15, c])
    for c in range(WIDTH):
        f1 = after[c] - y[c]
        f2 = h[c] * k[0, c] - f1
        f3 = 2.0 * f1 - h[c] * (k[12, c] + k[0, c])
        f4, f5, f6, f7 = f[4, c], f[5, c], f[6, c], f[7, c]
        f[0, c] = y[c]
        f[1, c] = f1 + f2
        f[2, c] = f3 + f4 - f2
        f[3, c] = f5 + f6 - f3 - 2.0 * f4
        f[4, c] = f4 - 2.0 * f5 - 3.0 * f6 + f7
        f[5, c] = f5 + 3.0 * f6 - 3.0 * f7
        f[6, c] = 3.0 * f7 - f6
        f[7, c] = -f7
