//! The application data unit: its kind, and objects of that kind.

mod down;
mod fields;
mod objects;
mod up;

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

pub use down::{Clock, DeviceRecordQuery, DutyCheck, Reserved, SystemRecordQuery};
pub use up::{
    Analogue, DeviceConfiguration, DeviceOperation, DeviceState, DeviceTime, DeviceVersion,
    Operation, PartAddress, PartConfiguration, PartState, SystemAddress, SystemConfiguration,
    SystemState, SystemTime, SystemVersion,
};

use crate::header::Command;
use crate::oddity::Oddity;
use crate::reader::{Reader, Unread};

/// What cannot be put into bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unsendable {
    /// A text is longer than its field.
    #[error("field {field} has {found} bytes, {most} fit")]
    TooLong {
        field: &'static str,
        found: usize,
        most: usize,
    },
    /// More objects than can be counted, or more bytes than a unit may have.
    #[error(
        "the data unit has {objects} objects in {bytes} bytes: 255 objects in {most} bytes fit"
    )]
    TooMuch {
        objects: usize,
        bytes: usize,
        most: usize,
    },
    /// Nothing was received on this connection, so it is not known whom to address.
    #[error("no device has spoken on this connection yet")]
    NoDevice,
}

impl Unsendable {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "gb26875.unsendable.too_long",
            Self::TooMuch { .. } => "gb26875.unsendable.too_much",
            Self::NoDevice => "gb26875.unsendable.no_device",
        }
    }
}

/// The longest data unit by the standard.
pub const UNIT_BYTES_MAX: usize = 1024;

/// A bare kind, without a count of objects: devices keep the link alive by it.
const LINK_TEST: u8 = 22;

macro_rules! kinds {
    ($($kind:literal $variant:ident($object:ty), $command:ident, $zh:literal, $en:literal;)+) => {
        /// What a frame says.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "unit", content = "objects", rename_all = "snake_case")]
        pub enum Body {
            /// No data unit: a confirmation or denial, and with some devices a sign of life.
            Empty,
            /// 22 without objects: a sign of life.
            LinkTest,
            $(#[doc = concat!(stringify!($kind), " ", $zh, ": ", $en, ".")] $variant(Vec<$object>),)+
            /// A kind that this crate does not know: everything behind it.
            Other { kind: u8, bytes: Vec<u8> },
        }

        impl Body {
            /// The kind of the data unit, if there is one.
            pub fn kind(&self) -> Option<u8> {
                match self {
                    Self::Empty => None,
                    Self::LinkTest => Some(LINK_TEST),
                    $(Self::$variant(_) => Some($kind),)+
                    Self::Other { kind, .. } => Some(*kind),
                }
            }

            fn read_objects(kind: u8, reader: &mut Reader<'_>) -> Option<Result<Self, Unread>> {
                Some(match kind {
                    $($kind => objects::read(reader).map(Self::$variant),)+
                    _ => return None,
                })
            }

            fn write_objects(&self, zone: Offset, out: &mut Vec<u8>) -> Result<usize, Unsendable> {
                match self {
                    $(Self::$variant(objects) => objects::write(objects, zone, out),)+
                    Self::Empty | Self::LinkTest | Self::Other { .. } => Ok(0),
                }
            }
        }

        /// All kinds that this crate knows.
        pub const KINDS: &[KindName] = &[
            $(KindName { kind: $kind, command: Command::$command, zh: $zh, en: $en },)+
        ];
    };
}

/// A kind of data unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct KindName {
    pub kind: u8,
    /// The command under which it begins an exchange: `Send` for what a device tells.
    pub command: Command,
    pub zh: &'static str,
    pub en: &'static str,
}

kinds! {
    1 SystemStates(SystemState), Send, "建筑消防设施系统状态", "states of systems";
    2 PartStates(PartState), Send, "建筑消防设施部件运行状态", "states of parts";
    3 Analogues(Analogue), Send, "建筑消防设施部件模拟量值", "analogue values of parts";
    4 Operations(Operation), Send, "建筑消防设施操作信息", "operations on systems";
    5 SystemVersions(SystemVersion), Send, "建筑消防设施软件版本", "software versions of systems";
    6 SystemConfigurations(SystemConfiguration), Send, "建筑消防设施系统配置情况", "configurations of systems";
    7 PartConfigurations(PartConfiguration), Send, "建筑消防设施部件配置情况", "configurations of parts";
    8 SystemTimes(SystemTime), Send, "建筑消防设施系统时间", "clocks of systems";
    21 DeviceStates(DeviceState), Send, "用户信息传输装置运行状态", "state of the device";
    24 DeviceOperations(DeviceOperation), Send, "用户信息传输装置操作信息", "operations on the device";
    25 DeviceVersions(DeviceVersion), Send, "用户信息传输装置软件版本", "software version of the device";
    26 DeviceConfigurations(DeviceConfiguration), Send, "用户信息传输装置配置情况", "configuration of the device";
    28 DeviceTimes(DeviceTime), Send, "用户信息传输装置系统时间", "clock of the device";
    61 ReadSystemStates(SystemAddress), Request, "读建筑消防设施系统状态", "read states of systems";
    62 ReadPartStates(PartAddress), Request, "读建筑消防设施部件运行状态", "read states of parts";
    63 ReadAnalogues(PartAddress), Request, "读建筑消防设施部件模拟量值", "read analogue values";
    64 ReadOperations(SystemRecordQuery), Request, "读建筑消防设施操作信息", "read operations on systems";
    65 ReadSystemVersions(SystemAddress), Request, "读建筑消防设施软件版本", "read software versions of systems";
    66 ReadSystemConfigurations(SystemAddress), Request, "读建筑消防设施系统配置情况", "read configurations of systems";
    67 ReadPartConfigurations(PartAddress), Request, "读建筑消防设施部件配置情况", "read configurations of parts";
    68 ReadSystemTimes(SystemAddress), Request, "读建筑消防设施系统时间", "read clocks of systems";
    81 ReadDeviceState(Reserved), Request, "读用户信息传输装置运行状态", "read the device's state";
    84 ReadDeviceOperations(DeviceRecordQuery), Request, "读用户信息传输装置操作信息记录", "read operations on the device";
    85 ReadDeviceVersion(Reserved), Request, "读用户信息传输装置软件版本", "read the device's software version";
    86 ReadDeviceConfiguration(Reserved), Request, "读用户信息传输装置配置情况", "read the device's configuration";
    88 ReadDeviceTime(Reserved), Request, "读用户信息传输装置系统时间", "read the device's clock";
    89 Initialize(Reserved), Control, "初始化用户信息传输装置", "initialize the device";
    90 SetClock(Clock), Control, "同步用户信息传输装置时钟", "set the device's clock";
    91 DutyCheck(DutyCheck), Control, "查岗命令", "duty check";
}

impl Body {
    /// The name of the kind, if this crate knows it.
    pub fn name(&self) -> Option<&'static KindName> {
        kind_name(self.kind()?)
    }

    /// The command under which it begins an exchange.
    pub fn command(&self) -> Command {
        self.name().map_or(Command::Send, |name| name.command)
    }

    pub(crate) fn read(unit: &[u8], reader: &mut Reader<'_>) -> Result<Self, (u8, Unread)> {
        let Some((kind, objects)) = unit.split_first() else {
            return Ok(Self::Empty);
        };
        if *kind == LINK_TEST && objects.is_empty() {
            return Ok(Self::LinkTest);
        }
        if let Some(read) = Self::read_objects(*kind, reader) {
            return read.map_err(|unread| (*kind, unread));
        }
        reader.oddities.push(Oddity::UnknownKind { kind: *kind });
        Ok(Self::Other {
            kind: *kind,
            bytes: objects.to_vec(),
        })
    }

    /// The bytes of the data unit alone.
    pub fn encode(&self, zone: Offset) -> Result<Vec<u8>, Unsendable> {
        let Some(kind) = self.kind() else {
            return Ok(Vec::new());
        };
        let mut unit = vec![kind];
        let mut count = 0;
        match self {
            Self::Other { bytes, .. } => unit.extend_from_slice(bytes),
            Self::LinkTest | Self::Empty => {}
            known => {
                let mut objects = Vec::new();
                count = known.write_objects(zone, &mut objects)?;
                unit.push(count as u8);
                unit.append(&mut objects);
            }
        }
        if count > usize::from(u8::MAX) || unit.len() > UNIT_BYTES_MAX {
            return Err(Unsendable::TooMuch {
                objects: count,
                bytes: unit.len(),
                most: UNIT_BYTES_MAX,
            });
        }
        Ok(unit)
    }

    /// Reads the bytes of a data unit alone, and what is odd about them.
    pub fn decode(unit: &[u8], zone: Offset) -> Result<(Self, Vec<Oddity>), Unread> {
        let mut reader = Reader::new(unit.get(1..).unwrap_or_default(), zone);
        let body = Self::read(unit, &mut reader).map_err(|(_kind, unread)| unread)?;
        Ok((body, reader.oddities))
    }
}

/// The name of a kind of data unit.
pub fn kind_name(kind: u8) -> Option<&'static KindName> {
    let at = KINDS.binary_search_by_key(&kind, |name| name.kind).ok()?;
    KINDS.get(at)
}
