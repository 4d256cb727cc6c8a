//! Commands of a geometry: move to, line to, close.

use super::wire::{put_varint, zigzag};

/// A geometry in the making; it is used again for the next feature.
#[derive(Debug, Default)]
pub(crate) struct Geometry {
    bytes: Vec<u8>,
    x: i32,
    y: i32,
}

impl Geometry {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        (self.x, self.y) = (0, 0);
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn points(&mut self, points: &[[i32; 2]]) {
        self.command(1, points.len());
        self.go_on(points);
    }

    pub(crate) fn line(&mut self, line: &[[i32; 2]]) {
        let Some((first, rest)) = line.split_first() else {
            return;
        };
        self.command(1, 1);
        self.go(*first);
        self.command(2, rest.len());
        self.go_on(rest);
    }

    pub(crate) fn ring(&mut self, ring: &[[i32; 2]]) {
        self.line(ring);
        self.command(7, 1);
    }

    fn command(&mut self, id: u64, count: usize) {
        put_varint(&mut self.bytes, (count as u64) << 3 | id);
    }

    fn go_on(&mut self, points: &[[i32; 2]]) {
        for point in points {
            self.go(*point);
        }
    }

    fn go(&mut self, [x, y]: [i32; 2]) {
        put_varint(&mut self.bytes, zigzag(x - self.x));
        put_varint(&mut self.bytes, zigzag(y - self.y));
        (self.x, self.y) = (x, y);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_those_of_the_specification() {
        let mut geometry = Geometry::default();
        geometry.points(&[[25, 17]]);
        assert_eq!(geometry.bytes(), [9, 50, 34]);
        geometry.clear();
        geometry.points(&[[5, 7], [3, 2]]);
        assert_eq!(geometry.bytes(), [17, 10, 14, 3, 9]);
        geometry.clear();
        geometry.line(&[[2, 2], [2, 10], [10, 10]]);
        assert_eq!(geometry.bytes(), [9, 4, 4, 18, 0, 16, 16, 0]);
        geometry.clear();
        geometry.ring(&[[3, 6], [8, 12], [20, 34]]);
        assert_eq!(geometry.bytes(), [9, 6, 12, 18, 10, 12, 24, 44, 15]);
    }
}
