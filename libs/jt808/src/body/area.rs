//! Areas and routes that a terminal watches by itself: 8600 to 8608.
//!
//! The attribute says which fields follow; writing sets its bits by what is there, so the two cannot disagree.

use serde::{Deserialize, Serialize};

use crate::header::Edition;
use crate::layout::{Digits, Layout, Many, Plain, Reader, Since2019, Text, Unread, Writer, record};

/// Bits of an area's attribute.
pub mod area_attribute {
    /// Holds in a span of time only.
    pub const TIMED: u16 = 1;
    /// Limits the speed.
    pub const LIMITED: u16 = 1 << 1;
    /// Entering warns the driver.
    pub const ENTERING_WARNS_DRIVER: u16 = 1 << 2;
    /// Entering is reported.
    pub const ENTERING_REPORTED: u16 = 1 << 3;
    /// Leaving warns the driver.
    pub const LEAVING_WARNS_DRIVER: u16 = 1 << 4;
    /// Leaving is reported.
    pub const LEAVING_REPORTED: u16 = 1 << 5;
    /// Southern latitude.
    pub const SOUTH: u16 = 1 << 6;
    /// Western longitude.
    pub const WEST: u16 = 1 << 7;
    /// Doors must stay shut.
    pub const DOORS_SHUT: u16 = 1 << 8;
    /// The radio is off inside.
    pub const RADIO_OFF: u16 = 1 << 14;
    /// Satellite details are kept inside.
    pub const DETAILS_KEPT: u16 = 1 << 15;
}

const POINT_TIMED: u8 = 1;
const POINT_LIMITED: u8 = 1 << 1;

record! {
    /// From and to, `yyMMddHHmmss`; every day where the date is all zeros.
    Span {
        start: String as Digits<6>,
        end: String as Digits<6>,
    }
}

/// How fast, and how long above it is overspeed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpeedLimit {
    /// km/h.
    pub top: u16,
    pub seconds: u8,
    /// km/h at night; since 2019.
    pub night: u16,
}

record! {
    /// A point, millionths of a degree.
    Corner {
        latitude: u32,
        longitude: u32,
    }
}

record! {
    /// 8601, 8603, 8605, 8607: these, or all where none is named.
    DeleteAreas {
        ids: Vec<u32> as Many<u8>,
    }
}

record! {
    /// 8608 (2019).
    AreaQuery {
        /// 1 circles, 2 rectangles, 3 polygons, 4 routes.
        kind: u8,
        /// Empty for all.
        ids: Vec<u32> as Many<u32>,
    }
}

/// 8600 and 8602.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Areas<T> {
    /// 0 replace, 1 add, 2 change.
    pub action: u8,
    pub areas: Vec<T>,
}

/// A circle of 8600.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CircleArea {
    pub id: u32,
    /// See [`area_attribute`].
    pub attribute: u16,
    pub centre: Corner,
    /// Metres.
    pub radius: u32,
    pub span: Option<Span>,
    pub limit: Option<SpeedLimit>,
    /// Since 2019.
    pub name: String,
}

/// A rectangle of 8602.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RectangleArea {
    pub id: u32,
    /// See [`area_attribute`].
    pub attribute: u16,
    pub upper_left: Corner,
    pub lower_right: Corner,
    pub span: Option<Span>,
    pub limit: Option<SpeedLimit>,
    /// Since 2019.
    pub name: String,
}

/// 8604.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolygonArea {
    pub id: u32,
    /// See [`area_attribute`].
    pub attribute: u16,
    pub span: Option<Span>,
    pub limit: Option<SpeedLimit>,
    pub corners: Vec<Corner>,
    /// Since 2019.
    pub name: String,
}

/// Seconds on a segment of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassingTime {
    pub longest: u16,
    pub shortest: u16,
}

/// A bend of a route, and the segment that begins there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinePoint {
    pub point: u32,
    pub segment: u32,
    pub corner: Corner,
    /// Metres.
    pub width: u8,
    /// Bit 2 south, 3 west; bits 0 and 1 follow from the fields.
    pub attribute: u8,
    pub time: Option<PassingTime>,
    pub limit: Option<SpeedLimit>,
}

/// 8606.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RouteArea {
    pub id: u32,
    /// See [`area_attribute`].
    pub attribute: u16,
    pub span: Option<Span>,
    pub points: Vec<LinePoint>,
    /// Since 2019.
    pub name: String,
}

fn with_bit(attribute: u16, bit: u16, is_set: bool) -> u16 {
    if is_set {
        attribute | bit
    } else {
        attribute & !bit
    }
}

/// The attribute that fits what is there.
fn attribute_of(attribute: u16, span: Option<&Span>, limit: Option<&SpeedLimit>) -> u16 {
    let timed = with_bit(attribute, area_attribute::TIMED, span.is_some());
    with_bit(timed, area_attribute::LIMITED, limit.is_some())
}

fn read_span(attribute: u16, reader: &mut Reader<'_>) -> Result<Option<Span>, Unread> {
    (attribute & area_attribute::TIMED != 0)
        .then(|| reader.get::<Span, Plain>("span"))
        .transpose()
}

fn write_span(span: Option<&Span>, writer: &mut Writer) {
    if let Some(span) = span {
        Plain::write(span, writer);
    }
}

fn read_limit(is_there: bool, reader: &mut Reader<'_>) -> Result<Option<SpeedLimit>, Unread> {
    is_there
        .then(|| {
            Ok(SpeedLimit {
                top: reader.at_field("top speed").u16()?,
                seconds: reader.u8()?,
                night: 0,
            })
        })
        .transpose()
}

fn write_limit(limit: Option<&SpeedLimit>, writer: &mut Writer) {
    if let Some(limit) = limit {
        writer.u16(limit.top);
        writer.u8(limit.seconds);
    }
}

/// Since 2019; in a polygon it stands behind the corners.
fn read_night(limit: &mut Option<SpeedLimit>, reader: &mut Reader<'_>) -> Result<(), Unread> {
    if let Some(limit) = limit
        && reader.edition == Edition::V2019
    {
        limit.night = reader.at_field("night speed").u16()?;
    }
    Ok(())
}

fn write_night(limit: Option<&SpeedLimit>, writer: &mut Writer) {
    if let Some(limit) = limit
        && writer.edition == Edition::V2019
    {
        writer.u16(limit.night);
    }
}

type Name = Since2019<Text<u16>>;

fn read_name(reader: &mut Reader<'_>) -> Result<String, Unread> {
    Ok(reader
        .get::<Option<String>, Name>("name")?
        .unwrap_or_default())
}

fn write_name(name: &str, writer: &mut Writer) {
    writer.put::<_, Name>("name", &Some(name.to_owned()));
}

impl<T> Layout<Areas<T>> for Plain
where
    Self: Layout<T>,
{
    fn read(reader: &mut Reader<'_>) -> Result<Areas<T>, Unread> {
        Ok(Areas {
            action: reader.at_field("action").u8()?,
            areas: reader.get::<_, Many<u8>>("areas")?,
        })
    }

    fn write(value: &Areas<T>, writer: &mut Writer) {
        writer.u8(value.action);
        writer.put::<_, Many<u8>>("areas", &value.areas);
    }
}

/// What a circle and a rectangle have in common behind their shape.
fn read_rules(
    attribute: u16,
    reader: &mut Reader<'_>,
) -> Result<(Option<Span>, Option<SpeedLimit>, String), Unread> {
    let span = read_span(attribute, reader)?;
    let mut limit = read_limit(attribute & area_attribute::LIMITED != 0, reader)?;
    read_night(&mut limit, reader)?;
    Ok((span, limit, read_name(reader)?))
}

fn write_rules(span: Option<&Span>, limit: Option<&SpeedLimit>, name: &str, writer: &mut Writer) {
    write_span(span, writer);
    write_limit(limit, writer);
    write_night(limit, writer);
    write_name(name, writer);
}

impl Layout<CircleArea> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<CircleArea, Unread> {
        let id = reader.u32()?;
        let attribute = reader.u16()?;
        let centre = reader.get::<Corner, Self>("centre")?;
        let radius = reader.at_field("radius").u32()?;
        let (span, limit, name) = read_rules(attribute, reader)?;
        Ok(CircleArea {
            id,
            attribute,
            centre,
            radius,
            span,
            limit,
            name,
        })
    }

    fn write(value: &CircleArea, writer: &mut Writer) {
        let (span, limit) = (value.span.as_ref(), value.limit.as_ref());
        writer.u32(value.id);
        writer.u16(attribute_of(value.attribute, span, limit));
        Self::write(&value.centre, writer);
        writer.u32(value.radius);
        write_rules(span, limit, &value.name, writer);
    }
}

impl Layout<RectangleArea> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<RectangleArea, Unread> {
        let id = reader.u32()?;
        let attribute = reader.u16()?;
        let upper_left = reader.get::<Corner, Self>("upper_left")?;
        let lower_right = reader.get::<Corner, Self>("lower_right")?;
        let (span, limit, name) = read_rules(attribute, reader)?;
        Ok(RectangleArea {
            id,
            attribute,
            upper_left,
            lower_right,
            span,
            limit,
            name,
        })
    }

    fn write(value: &RectangleArea, writer: &mut Writer) {
        let (span, limit) = (value.span.as_ref(), value.limit.as_ref());
        writer.u32(value.id);
        writer.u16(attribute_of(value.attribute, span, limit));
        Self::write(&value.upper_left, writer);
        Self::write(&value.lower_right, writer);
        write_rules(span, limit, &value.name, writer);
    }
}

impl Layout<PolygonArea> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<PolygonArea, Unread> {
        let id = reader.at_field("id").u32()?;
        let attribute = reader.at_field("attribute").u16()?;
        let span = read_span(attribute, reader)?;
        let mut limit = read_limit(attribute & area_attribute::LIMITED != 0, reader)?;
        let corners = reader.get::<_, Many<u16>>("corners")?;
        read_night(&mut limit, reader)?;
        let name = read_name(reader)?;
        Ok(PolygonArea {
            id,
            attribute,
            span,
            limit,
            corners,
            name,
        })
    }

    fn write(value: &PolygonArea, writer: &mut Writer) {
        let (span, limit) = (value.span.as_ref(), value.limit.as_ref());
        writer.u32(value.id);
        writer.u16(attribute_of(value.attribute, span, limit));
        write_span(span, writer);
        write_limit(limit, writer);
        writer.put::<_, Many<u16>>("corners", &value.corners);
        write_night(limit, writer);
        write_name(&value.name, writer);
    }
}

impl Layout<LinePoint> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<LinePoint, Unread> {
        let point = reader.u32()?;
        let segment = reader.u32()?;
        let corner = reader.get::<Corner, Self>("corner")?;
        let width = reader.at_field("width").u8()?;
        let attribute = reader.at_field("attribute").u8()?;
        let time = (attribute & POINT_TIMED != 0)
            .then(|| {
                Ok(PassingTime {
                    longest: reader.at_field("passing time").u16()?,
                    shortest: reader.u16()?,
                })
            })
            .transpose()?;
        let mut limit = read_limit(attribute & POINT_LIMITED != 0, reader)?;
        read_night(&mut limit, reader)?;
        Ok(LinePoint {
            point,
            segment,
            corner,
            width,
            attribute,
            time,
            limit,
        })
    }

    fn write(value: &LinePoint, writer: &mut Writer) {
        let attribute = u16::from(value.attribute);
        let attribute = with_bit(attribute, u16::from(POINT_TIMED), value.time.is_some());
        let attribute = with_bit(attribute, u16::from(POINT_LIMITED), value.limit.is_some());
        writer.u32(value.point);
        writer.u32(value.segment);
        Self::write(&value.corner, writer);
        writer.u8(value.width);
        writer.u8(attribute as u8);
        if let Some(time) = &value.time {
            writer.u16(time.longest);
            writer.u16(time.shortest);
        }
        write_limit(value.limit.as_ref(), writer);
        write_night(value.limit.as_ref(), writer);
    }
}

impl Layout<RouteArea> for Plain {
    fn read(reader: &mut Reader<'_>) -> Result<RouteArea, Unread> {
        let id = reader.at_field("id").u32()?;
        let attribute = reader.at_field("attribute").u16()?;
        let span = read_span(attribute, reader)?;
        let points = reader.get::<_, Many<u16>>("points")?;
        let name = read_name(reader)?;
        Ok(RouteArea {
            id,
            attribute,
            span,
            points,
            name,
        })
    }

    fn write(value: &RouteArea, writer: &mut Writer) {
        let timed = with_bit(value.attribute, area_attribute::TIMED, value.span.is_some());
        writer.u32(value.id);
        writer.u16(timed);
        write_span(value.span.as_ref(), writer);
        writer.put::<_, Many<u16>>("points", &value.points);
        write_name(&value.name, writer);
    }
}
