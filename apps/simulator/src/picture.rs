//! Pictures for evidence, drawn by rule: a street with houses, and what lies on it until it is cleared away. Nobody can
//! take one for a photograph, and the same words draw the same picture.

use std::io::Cursor;

use image::{ImageFormat, Rgb, RgbImage};

use crate::dice::Dice;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 320;
const HORIZON: u32 = 180;
const ROAD: u32 = 240;
const SKY: [u8; 3] = [205, 221, 232];
const GROUND: [u8; 3] = [196, 200, 186];
const ASPHALT: [u8; 3] = [120, 126, 132];
const LINE: [u8; 3] = [236, 232, 210];
const WINDOW: [u8; 3] = [240, 244, 246];
const LITTER: [[u8; 3]; 3] = [[96, 72, 52], [64, 84, 60], [150, 96, 40]];
/// The kinds that show a place as it is before it is cleared.
const UNCLEARED: &str = "photo_before";

/// A PNG of the place that `of` names, as evidence of that kind.
pub fn picture(of: &str, kind: &str) -> anyhow::Result<Vec<u8>> {
    let words: Vec<u64> = of.bytes().map(u64::from).collect();
    let mut dice = Dice::of(&words);
    let mut canvas = RgbImage::from_pixel(WIDTH, HEIGHT, Rgb(SKY));
    fill(&mut canvas, (0, HORIZON), (WIDTH, HEIGHT - HORIZON), GROUND);
    houses(&mut canvas, &mut dice);
    fill(&mut canvas, (0, ROAD), (WIDTH, 56), ASPHALT);
    for dash in (0..WIDTH).step_by(48) {
        fill(&mut canvas, (dash, ROAD + 26), (28, 4), LINE);
    }
    let heaps = heaps(&mut dice);
    if kind == UNCLEARED {
        for (at, size, colour) in heaps {
            fill(&mut canvas, at, (size, size / 2), colour);
        }
    }
    let mut png = Cursor::new(Vec::new());
    canvas.write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

fn houses(canvas: &mut RgbImage, dice: &mut Dice) {
    let mut left = 0;
    while left < WIDTH {
        let (width, height) = (number(dice, 50, 100), number(dice, 60, 150));
        let shade = number(dice, 130, 200) as u8;
        let wall = [shade, shade - 10, shade - 24];
        fill(canvas, (left, HORIZON - height), (width, height), wall);
        for row in (HORIZON - height + 12..HORIZON - 16).step_by(26) {
            for column in (left + 10..(left + width).saturating_sub(14)).step_by(24) {
                fill(canvas, (column, row), (12, 14), WINDOW);
            }
        }
        left += width + number(dice, 4, 30);
    }
}

type Heap = ((u32, u32), u32, [u8; 3]);

fn heaps(dice: &mut Dice) -> Vec<Heap> {
    let count = number(dice, 6, 14);
    let heap = |_| {
        let at = (
            number(dice, 20, WIDTH - 60),
            number(dice, ROAD - 20, HEIGHT - 30),
        );
        let colour = dice.pick(&LITTER).copied().unwrap_or(ASPHALT);
        (at, number(dice, 10, 40), colour)
    };
    (0..count).map(heap).collect()
}

fn number(dice: &mut Dice, from: u32, to: u32) -> u32 {
    from + (dice.unit() * f64::from(to - from)) as u32
}

fn fill(canvas: &mut RgbImage, at: (u32, u32), size: (u32, u32), colour: [u8; 3]) {
    for y in at.1..(at.1 + size.1).min(HEIGHT) {
        for x in at.0..(at.0 + size.0).min(WIDTH) {
            canvas.put_pixel(x, y, Rgb(colour));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_is_drawn_the_same_and_cleared_afterwards() {
        let draw = |of: &str, kind: &str| picture(of, kind).unwrap();
        let before = draw("YW1", "photo_before");
        assert_eq!(before, draw("YW1", "photo_before"));
        assert_ne!(before, draw("YW1", "photo_after"));
        assert_ne!(before, draw("YW2", "photo_before"));
        assert!(before.len() < 64 * 1024, "{} bytes", before.len());
        let read = image::load_from_memory(&before).unwrap().into_rgb8();
        assert_eq!(read.dimensions(), (WIDTH, HEIGHT));
    }
}
