//! Every message that has a body here, in one table: id, name, direction, and how the platform answers it.

mod area;
mod attachment;
mod driver;
mod media;
mod parameters;
mod passing;
mod position;
mod session;
mod text;
mod upkeep;
mod video;

use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

pub use area::{
    AreaQuery, Areas, CircleArea, Corner, DeleteAreas, LinePoint, PassingTime, PolygonArea,
    RectangleArea, RouteArea, Span, SpeedLimit, area_attribute,
};
pub use attachment::{AlarmFile, AlarmFiles, FileDone, FileEntry, FilesRequest, Gap};
pub use driver::{CanEntry, CanFrames, Driver, DriverCard, RecorderAnswer, RecorderCommand};
pub use media::{
    MediaAnswer, MediaEntry, MediaEvent, MediaFound, MediaSearch, MediaStored, MediaUpload,
    MediaUploads, Shoot, Shot, SoundRecording,
};
pub use parameters::{
    Parameter, ParameterAnswer, ParameterKind, ParameterName, ParameterQuery, ParameterValue,
    Parameters, parameter_name,
};
pub use passing::{Compressed, PublicKey, Transparent, Waybill};
pub use position::{AlarmConfirmation, Batch, LocationAnswer, Tracking, VehicleControl};
pub use session::{
    Authentication, GeneralReply, Missing, Registration, RegistrationReply, ServerTime,
};
pub use text::{
    Call, Contact, Event, EventReport, Events, InfoOrder, Issued, Menu, MenuEntry, Phonebook,
    Question, QuestionAnswer, QuestionChoice, Words,
};
pub use upkeep::{Attributes, Control, Upgrade, UpgradeDone};
pub use video::{
    AvAttributes, LiveControl, LiveRequest, LossReport, Passengers, Playback, PlaybackControl,
    PtzRotation, PtzSwitch, Recording, RecordingQuery, RecordingUpload, Recordings, UploadControl,
    UploadDone,
};

use crate::header::Edition;
use crate::layout::{Layout, Plain, Reader, Unread, Unsendable, Writer};
use crate::location::Location;
use crate::oddity::Oddity;

/// Who sends a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// The terminal.
    Up,
    /// The platform.
    Down,
}

/// How the platform answers a message of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answering {
    /// It is an answer itself, or goes down.
    None,
    /// By the general reply 8001.
    General,
    /// As whoever knows the vehicles decides: registration and authentication.
    Decided,
    /// By 8800 with the id of the media.
    Media,
    /// By 8004 with the time.
    Time,
}

/// A message by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MessageName {
    pub id: u16,
    pub direction: Direction,
    pub answering: Answering,
    pub zh: &'static str,
    pub en: &'static str,
}

macro_rules! bodies {
    ($($id:literal $variant:ident $(($binding:ident: $type:ty))?, $direction:ident $answering:ident, $zh:literal, $en:literal;)+) => {
        /// What a message says.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "message", content = "body", rename_all = "snake_case")]
        pub enum Body {
            $(#[doc = concat!(stringify!($id), " ", $zh, ": ", $en, ".")] $variant $(($type))?,)+
            /// A message that this crate has no body for.
            Other { id: u16, bytes: Vec<u8> },
        }

        impl Body {
            /// The message id.
            pub fn id(&self) -> u16 {
                match self {
                    $(bodies!(@pattern $variant $($binding)?) => $id,)+
                    Self::Other { id, .. } => *id,
                }
            }

            fn read_known(id: u16, reader: &mut Reader<'_>) -> Result<Option<Self>, Unread> {
                Ok(Some(match id {
                    $($id => Self::$variant $((<Plain as Layout<$type>>::read(reader)?))?,)+
                    _ => return Ok(None),
                }))
            }

            fn write(&self, writer: &mut Writer) {
                match self {
                    $(Self::$variant $(($binding))? => { $(<Plain as Layout<$type>>::write($binding, writer);)? })+
                    Self::Other { bytes, .. } => writer.bytes.extend_from_slice(bytes),
                }
            }
        }

        /// All messages that have a body here, by id.
        pub const MESSAGES: &[MessageName] = &[
            $(MessageName {
                id: $id,
                direction: Direction::$direction,
                answering: Answering::$answering,
                zh: $zh,
                en: $en,
            },)+
        ];
    };
    (@pattern $variant:ident) => { Self::$variant };
    (@pattern $variant:ident $binding:ident) => { Self::$variant(_) };
}

bodies! {
    0x0001 TerminalReply(reply: GeneralReply), Up None, "终端通用应答", "terminal's general reply";
    0x0002 Heartbeat, Up General, "终端心跳", "heartbeat";
    0x0003 Unregister, Up General, "终端注销", "unregistration";
    0x0004 AskTime, Up Time, "查询服务器时间请求", "question for the server's time";
    0x0005 TerminalMissing(missing: Missing), Up None, "终端补传分包请求", "terminal asks for missing parts";
    0x0100 Registration(registration: Registration), Up Decided, "终端注册", "registration";
    0x0102 Authentication(authentication: Authentication), Up Decided, "终端鉴权", "authentication";
    0x0104 ParameterAnswer(answer: ParameterAnswer), Up None, "查询终端参数应答", "parameters of the terminal";
    0x0107 Attributes(attributes: Attributes), Up None, "查询终端属性应答", "attributes of the terminal";
    0x0108 UpgradeDone(done: UpgradeDone), Up General, "终端升级结果通知", "result of an upgrade";
    0x0200 Location(location: Location), Up General, "位置信息汇报", "location";
    0x0201 LocationAnswer(answer: LocationAnswer), Up None, "位置信息查询应答", "location asked for";
    0x0301 EventReport(report: EventReport), Up General, "事件报告", "event chosen by the driver";
    0x0302 QuestionAnswer(answer: QuestionAnswer), Up None, "提问应答", "answer to a question";
    0x0303 InfoOrder(order: InfoOrder), Up General, "信息点播/取消", "news ordered or cancelled";
    0x0500 ControlAnswer(answer: LocationAnswer), Up None, "车辆控制应答", "vehicle controlled";
    0x0700 RecorderAnswer(answer: RecorderAnswer), Up None, "行驶记录数据上传", "records of the driving recorder";
    0x0701 Waybill(waybill: Waybill), Up General, "电子运单上报", "electronic waybill";
    0x0702 Driver(driver: Driver), Up General, "驾驶员身份信息采集上报", "driver's identity";
    0x0704 Batch(batch: Batch), Up General, "定位数据批量上传", "locations in a batch";
    0x0705 CanFrames(frames: CanFrames), Up General, "CAN总线数据上传", "frames of the CAN bus";
    0x0800 MediaEvent(event: MediaEvent), Up General, "多媒体事件信息上传", "multimedia event";
    0x0801 MediaUpload(upload: MediaUpload), Up Media, "多媒体数据上传", "multimedia upload";
    0x0802 MediaFound(found: MediaFound), Up None, "存储多媒体数据检索应答", "stored media found";
    0x0805 Shot(shot: Shot), Up None, "摄像头立即拍摄命令应答", "pictures taken";
    0x0900 TransparentUp(data: Transparent), Up General, "数据上行透传", "passed through, up";
    0x0901 Compressed(data: Compressed), Up General, "数据压缩上报", "compressed data";
    0x0a00 TerminalKey(key: PublicKey), Up General, "终端RSA公钥", "terminal's RSA key";
    0x1003 AvAttributes(attributes: AvAttributes), Up None, "终端上传音视频属性", "audio and video attributes";
    0x1005 Passengers(passengers: Passengers), Up General, "终端上传乘客流量", "passengers counted";
    0x1205 Recordings(recordings: Recordings), Up None, "终端上传音视频资源列表", "list of recordings";
    0x1206 UploadDone(done: UploadDone), Up General, "文件上传完成通知", "file upload done";
    0x1210 AlarmFiles(files: AlarmFiles), Up General, "报警附件信息", "files of an alarm";
    0x1211 FileStart(file: FileEntry), Up General, "文件信息上传", "file of an alarm begins";
    0x1212 FileEnd(file: FileEntry), Up None, "文件上传完成消息", "file of an alarm ends";
    0x8001 PlatformReply(reply: GeneralReply), Down None, "平台通用应答", "platform's general reply";
    0x8003 PlatformMissing(missing: Missing), Down None, "服务器补传分包请求", "platform asks for missing parts";
    0x8004 ServerTime(time: ServerTime), Down None, "查询服务器时间应答", "server's time";
    0x8100 RegistrationReply(reply: RegistrationReply), Down None, "终端注册应答", "registration answered";
    0x8103 SetParameters(parameters: Parameters), Down None, "设置终端参数", "set parameters";
    0x8104 AskParameters, Down None, "查询终端参数", "ask for all parameters";
    0x8105 Control(control: Control), Down None, "终端控制", "control of the terminal";
    0x8106 AskSomeParameters(query: ParameterQuery), Down None, "查询指定终端参数", "ask for some parameters";
    0x8107 AskAttributes, Down None, "查询终端属性", "ask for attributes";
    0x8108 Upgrade(upgrade: Upgrade), Down None, "下发终端升级包", "upgrade package";
    0x8201 AskLocation, Down None, "位置信息查询", "ask for the location";
    0x8202 Tracking(tracking: Tracking), Down None, "临时位置跟踪控制", "follow for a while";
    0x8203 ConfirmAlarm(confirmation: AlarmConfirmation), Down None, "人工确认报警消息", "alarm confirmed by a person";
    0x8204 TestLink, Down None, "链路检测", "link test";
    0x8300 Words(words: Words), Down None, "文本信息下发", "text for the driver";
    0x8301 Events(events: Events), Down None, "事件设置", "events to choose from";
    0x8302 Question(question: Question), Down None, "提问下发", "question for the driver";
    0x8303 Menu(menu: Menu), Down None, "信息点播菜单设置", "menu of news";
    0x8304 Issued(issued: Issued), Down None, "信息服务", "news";
    0x8400 Call(call: Call), Down None, "电话回拨", "call back";
    0x8401 Phonebook(book: Phonebook), Down None, "设置电话本", "phone book";
    0x8500 VehicleControl(control: VehicleControl), Down None, "车辆控制", "control of the vehicle";
    0x8600 SetCircles(areas: Areas<CircleArea>), Down None, "设置圆形区域", "set circular areas";
    0x8601 DeleteCircles(areas: DeleteAreas), Down None, "删除圆形区域", "delete circular areas";
    0x8602 SetRectangles(areas: Areas<RectangleArea>), Down None, "设置矩形区域", "set rectangular areas";
    0x8603 DeleteRectangles(areas: DeleteAreas), Down None, "删除矩形区域", "delete rectangular areas";
    0x8604 SetPolygon(area: PolygonArea), Down None, "设置多边形区域", "set a polygon";
    0x8605 DeletePolygons(areas: DeleteAreas), Down None, "删除多边形区域", "delete polygons";
    0x8606 SetRoute(route: RouteArea), Down None, "设置路线", "set a route";
    0x8607 DeleteRoutes(areas: DeleteAreas), Down None, "删除路线", "delete routes";
    0x8608 AskAreas(query: AreaQuery), Down None, "查询区域或线路数据", "ask for areas or routes";
    0x8700 AskRecorder(command: RecorderCommand), Down None, "行驶记录数据采集命令", "ask the driving recorder";
    0x8701 SetRecorder(command: RecorderCommand), Down None, "行驶记录参数下传命令", "set the driving recorder";
    0x8702 AskDriver, Down None, "上报驾驶员身份信息请求", "ask for the driver";
    0x8800 MediaAnswer(answer: MediaAnswer), Down None, "多媒体数据上传应答", "multimedia upload answered";
    0x8801 Shoot(shoot: Shoot), Down None, "摄像头立即拍摄命令", "take pictures";
    0x8802 SearchMedia(search: MediaSearch), Down None, "存储多媒体数据检索", "search stored media";
    0x8803 UploadMedia(search: MediaUploads), Down None, "存储多媒体数据上传", "upload stored media";
    0x8804 RecordSound(recording: SoundRecording), Down None, "录音开始命令", "record sound";
    0x8805 UploadOneMedia(stored: MediaStored), Down None, "单条存储多媒体数据检索上传", "upload one stored medium";
    0x8900 TransparentDown(data: Transparent), Down None, "数据下行透传", "passed through, down";
    0x8a00 PlatformKey(key: PublicKey), Down None, "平台RSA公钥", "platform's RSA key";
    0x9003 AskAvAttributes, Down None, "查询终端音视频属性", "ask for audio and video attributes";
    0x9101 LiveVideo(request: LiveRequest), Down None, "实时音视频传输请求", "start live video";
    0x9102 LiveControl(control: LiveControl), Down None, "音视频实时传输控制", "control live video";
    0x9105 LossReport(report: LossReport), Down None, "实时音视频传输状态通知", "packets lost";
    0x9201 Playback(playback: Playback), Down None, "平台下发远程录像回放请求", "play a recording";
    0x9202 PlaybackControl(control: PlaybackControl), Down None, "平台下发远程录像回放控制", "control the playing";
    0x9205 AskRecordings(query: RecordingQuery), Down None, "查询资源列表", "ask for recordings";
    0x9206 UploadRecording(upload: RecordingUpload), Down None, "文件上传指令", "upload a recording";
    0x9207 UploadControl(control: UploadControl), Down None, "文件上传控制", "control an upload";
    0x9208 AskAlarmFiles(request: FilesRequest), Down None, "报警附件上传指令", "ask for files of an alarm";
    0x9212 FileDone(done: FileDone), Down None, "文件上传完成消息应答", "file of an alarm answered";
    0x9301 PtzRotate(command: PtzRotation), Down None, "云台旋转", "turn the camera";
    0x9302 PtzFocus(command: PtzSwitch), Down None, "云台调整焦距控制", "focus the camera";
    0x9303 PtzIris(command: PtzSwitch), Down None, "云台调整光圈控制", "open or close the iris";
    0x9304 PtzWiper(command: PtzSwitch), Down None, "云台雨刷控制", "wipe the camera";
    0x9305 PtzInfrared(command: PtzSwitch), Down None, "红外补光控制", "infrared light";
    0x9306 PtzZoom(command: PtzSwitch), Down None, "云台变倍控制", "zoom";
}

impl Body {
    /// The message's name, if the message has a body here.
    pub fn name(&self) -> Option<&'static MessageName> {
        message_name(self.id())
    }

    /// Reads a body; what stands behind its last field is noted.
    pub(crate) fn read(id: u16, reader: &mut Reader<'_>) -> Result<Self, Unread> {
        let Some(body) = Self::read_known(id, reader)? else {
            reader.oddities.push(Oddity::UnknownMessage { id });
            let bytes = reader.take(reader.left())?.to_vec();
            return Ok(Self::Other { id, bytes });
        };
        let bytes = reader.left();
        if bytes > 0 {
            reader.oddities.push(Oddity::Trailing { bytes });
        }
        Ok(body)
    }

    /// The bytes of the body alone, without header.
    pub fn encode(&self, edition: Edition, zone: Offset) -> Result<Vec<u8>, Unsendable> {
        let mut writer = Writer::new(edition, zone);
        self.write(&mut writer);
        writer.finish()
    }

    /// Reads the bytes of a body alone, and what is odd about them.
    pub fn decode(
        id: u16,
        bytes: &[u8],
        edition: Edition,
        zone: Offset,
    ) -> Result<(Self, Vec<Oddity>), Unread> {
        let mut reader = Reader::new(bytes, edition, zone);
        let body = Self::read(id, &mut reader)?;
        Ok((body, reader.oddities))
    }
}

/// The name of a message id.
pub fn message_name(id: u16) -> Option<&'static MessageName> {
    let at = MESSAGES.binary_search_by_key(&id, |name| name.id).ok()?;
    MESSAGES.get(at)
}
