const KILOMETRE = 1000;
const SQUARE_KILOMETRE = 1_000_000;
const HECTARE = 10_000;
/** 1 mu is a fifteenth of a hectare. */
const MU = HECTARE / 15;

export const metresWords = (metres: number): string =>
  metres < KILOMETRE ? `${metres.toFixed(metres < 10 ? 1 : 0)} m` : `${(metres / KILOMETRE).toFixed(2)} km`;

export const squareWords = (square: number): string =>
  square < SQUARE_KILOMETRE / 10
    ? `${square.toFixed(0)} m²`
    : `${(square / SQUARE_KILOMETRE).toFixed(3)} km²`;

export const muOf = (square: number): string => (square / MU).toFixed(1);
