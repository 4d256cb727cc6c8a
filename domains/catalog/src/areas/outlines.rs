//! temporary
pub struct GridIndex<T>(Vec<(Vec<[f64; 2]>, T)>);
impl<T> GridIndex<T> {
    pub fn new(polygons: impl Iterator<Item = (Vec<[f64; 2]>, T)>) -> Self {
        Self(polygons.collect())
    }
    pub fn find(&self, lon: f64, lat: f64) -> Option<&T> {
        self.0.iter().find(|(ring, _)| inside(ring, lon, lat)).map(|(_, value)| value)
    }
}
fn inside(ring: &[[f64; 2]], x: f64, y: f64) -> bool {
    let mut odd = false;
    for pair in ring.windows(2) {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        if (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            odd = !odd;
        }
    }
    odd
}
