//! Which parameters there are (from memory; the ids of the real frames at hand agree).

use serde::Serialize;

/// How a parameter's value stands in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterKind {
    Byte,
    Word,
    DoubleWord,
    Text,
    /// A structure of its own.
    Raw,
}

/// A parameter by its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ParameterName {
    pub id: u32,
    pub kind: ParameterKind,
    /// Empty where there is none.
    pub unit: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

/// The name of a parameter.
pub fn parameter_name(id: u32) -> Option<&'static ParameterName> {
    let at = NAMES.binary_search_by_key(&id, |name| name.id).ok()?;
    NAMES.get(at)
}

const fn name(
    id: u32,
    kind: ParameterKind,
    unit: &'static str,
    zh: &'static str,
    en: &'static str,
) -> ParameterName {
    ParameterName {
        id,
        kind,
        unit,
        zh,
        en,
    }
}

use ParameterKind::{Byte, DoubleWord, Raw, Text, Word};

const NAMES: &[ParameterName] = &[
    name(
        0x0001,
        DoubleWord,
        "s",
        "终端心跳发送间隔",
        "heartbeat interval",
    ),
    name(
        0x0002,
        DoubleWord,
        "s",
        "TCP消息应答超时时间",
        "TCP reply timeout",
    ),
    name(0x0003, DoubleWord, "", "TCP消息重传次数", "TCP retries"),
    name(
        0x0004,
        DoubleWord,
        "s",
        "UDP消息应答超时时间",
        "UDP reply timeout",
    ),
    name(0x0005, DoubleWord, "", "UDP消息重传次数", "UDP retries"),
    name(
        0x0006,
        DoubleWord,
        "s",
        "SMS消息应答超时时间",
        "SMS reply timeout",
    ),
    name(0x0007, DoubleWord, "", "SMS消息重传次数", "SMS retries"),
    name(0x0010, Text, "", "主服务器APN", "main server's APN"),
    name(
        0x0011,
        Text,
        "",
        "主服务器无线通信拨号用户名",
        "main server's dial-up user",
    ),
    name(
        0x0012,
        Text,
        "",
        "主服务器无线通信拨号密码",
        "main server's dial-up password",
    ),
    name(0x0013, Text, "", "主服务器地址", "main server's address"),
    name(0x0014, Text, "", "备份服务器APN", "backup server's APN"),
    name(
        0x0015,
        Text,
        "",
        "备份服务器无线通信拨号用户名",
        "backup server's dial-up user",
    ),
    name(
        0x0016,
        Text,
        "",
        "备份服务器无线通信拨号密码",
        "backup server's dial-up password",
    ),
    name(
        0x0017,
        Text,
        "",
        "备份服务器地址",
        "backup server's address",
    ),
    name(0x0018, DoubleWord, "", "服务器TCP端口", "server's TCP port"),
    name(0x0019, DoubleWord, "", "服务器UDP端口", "server's UDP port"),
    name(
        0x001a,
        Text,
        "",
        "道路运输证IC卡认证主服务器地址",
        "licence card server's address",
    ),
    name(
        0x001b,
        DoubleWord,
        "",
        "道路运输证IC卡认证主服务器TCP端口",
        "licence card server's TCP port",
    ),
    name(
        0x001c,
        DoubleWord,
        "",
        "道路运输证IC卡认证主服务器UDP端口",
        "licence card server's UDP port",
    ),
    name(
        0x001d,
        Text,
        "",
        "道路运输证IC卡认证备份服务器地址",
        "licence card backup server's address",
    ),
    name(
        0x0020,
        DoubleWord,
        "",
        "位置汇报策略",
        "when to report: 0 time, 1 distance, 2 both",
    ),
    name(
        0x0021,
        DoubleWord,
        "",
        "位置汇报方案",
        "how to report: 0 by ACC, 1 by login and ACC",
    ),
    name(
        0x0022,
        DoubleWord,
        "s",
        "驾驶员未登录汇报时间间隔",
        "interval without a driver",
    ),
    name(0x0023, Text, "", "从服务器APN", "secondary server's APN"),
    name(
        0x0024,
        Text,
        "",
        "从服务器无线通信拨号用户名",
        "secondary server's dial-up user",
    ),
    name(
        0x0025,
        Text,
        "",
        "从服务器无线通信拨号密码",
        "secondary server's dial-up password",
    ),
    name(
        0x0026,
        Text,
        "",
        "从服务器备份地址",
        "secondary server's address",
    ),
    name(
        0x0027,
        DoubleWord,
        "s",
        "休眠时汇报时间间隔",
        "interval when asleep",
    ),
    name(
        0x0028,
        DoubleWord,
        "s",
        "紧急报警时汇报时间间隔",
        "interval in an emergency",
    ),
    name(
        0x0029,
        DoubleWord,
        "s",
        "缺省时间汇报间隔",
        "default interval",
    ),
    name(
        0x002c,
        DoubleWord,
        "m",
        "缺省距离汇报间隔",
        "default distance",
    ),
    name(
        0x002d,
        DoubleWord,
        "m",
        "驾驶员未登录汇报距离间隔",
        "distance without a driver",
    ),
    name(
        0x002e,
        DoubleWord,
        "m",
        "休眠时汇报距离间隔",
        "distance when asleep",
    ),
    name(
        0x002f,
        DoubleWord,
        "m",
        "紧急报警时汇报距离间隔",
        "distance in an emergency",
    ),
    name(0x0030, DoubleWord, "°", "拐点补传角度", "angle of a bend"),
    name(0x0031, Word, "m", "电子围栏半径", "radius of the fence"),
    name(
        0x0032,
        Raw,
        "",
        "违规行驶时段范围",
        "hours in which driving is forbidden",
    ),
    name(0x0040, Text, "", "监控平台电话号码", "platform's phone"),
    name(0x0041, Text, "", "复位电话号码", "phone that resets"),
    name(
        0x0042,
        Text,
        "",
        "恢复出厂设置电话号码",
        "phone that restores the factory settings",
    ),
    name(
        0x0043,
        Text,
        "",
        "监控平台SMS电话号码",
        "platform's SMS phone",
    ),
    name(
        0x0044,
        Text,
        "",
        "接收终端SMS文本报警号码",
        "phone that gets SMS alarms",
    ),
    name(
        0x0045,
        DoubleWord,
        "",
        "终端电话接听策略",
        "answering policy",
    ),
    name(0x0046, DoubleWord, "s", "每次最长通话时间", "longest call"),
    name(
        0x0047,
        DoubleWord,
        "s",
        "当月最长通话时间",
        "longest calls in a month",
    ),
    name(0x0048, Text, "", "监听电话号码", "phone that listens in"),
    name(
        0x0049,
        Text,
        "",
        "监管平台特权短信号码",
        "privileged SMS phone",
    ),
    name(0x0050, DoubleWord, "", "报警屏蔽字", "alarms switched off"),
    name(
        0x0051,
        DoubleWord,
        "",
        "报警发送文本SMS开关",
        "alarms that send an SMS",
    ),
    name(
        0x0052,
        DoubleWord,
        "",
        "报警拍摄开关",
        "alarms that take a picture",
    ),
    name(
        0x0053,
        DoubleWord,
        "",
        "报警拍摄存储标志",
        "alarm pictures that are kept",
    ),
    name(0x0054, DoubleWord, "", "关键标志", "key alarms"),
    name(0x0055, DoubleWord, "km/h", "最高速度", "top speed"),
    name(0x0056, DoubleWord, "s", "超速持续时间", "overspeed lasts"),
    name(
        0x0057,
        DoubleWord,
        "s",
        "连续驾驶时间门限",
        "longest driving without a break",
    ),
    name(
        0x0058,
        DoubleWord,
        "s",
        "当天累计驾驶时间门限",
        "longest driving in a day",
    ),
    name(0x0059, DoubleWord, "s", "最小休息时间", "shortest break"),
    name(0x005a, DoubleWord, "s", "最长停车时间", "longest parking"),
    name(
        0x005b,
        Word,
        "0.1km/h",
        "超速预警差值",
        "overspeed warning margin",
    ),
    name(
        0x005c,
        Word,
        "s",
        "疲劳驾驶预警差值",
        "fatigue warning margin",
    ),
    name(0x005d, Word, "", "碰撞报警参数", "collision alarm"),
    name(0x005e, Word, "°", "侧翻报警参数", "rollover angle"),
    name(0x0064, DoubleWord, "", "定时拍照控制", "pictures by time"),
    name(
        0x0065,
        DoubleWord,
        "",
        "定距拍照控制",
        "pictures by distance",
    ),
    name(0x0070, DoubleWord, "", "图像/视频质量", "picture quality"),
    name(0x0071, DoubleWord, "", "亮度", "brightness"),
    name(0x0072, DoubleWord, "", "对比度", "contrast"),
    name(0x0073, DoubleWord, "", "饱和度", "saturation"),
    name(0x0074, DoubleWord, "", "色度", "chroma"),
    name(0x0075, Raw, "", "音视频参数", "audio and video"),
    name(0x0076, Raw, "", "音视频通道列表", "channels"),
    name(
        0x0077,
        Raw,
        "",
        "单独视频通道参数",
        "video of single channels",
    ),
    name(0x0079, Raw, "", "特殊报警录像参数", "recording of alarms"),
    name(
        0x007a,
        DoubleWord,
        "",
        "视频相关报警屏蔽字",
        "video alarms switched off",
    ),
    name(0x007b, Raw, "", "图像分析报警参数", "picture analysis"),
    name(0x007c, Raw, "", "终端休眠唤醒模式", "waking from sleep"),
    name(0x0080, DoubleWord, "0.1km", "车辆里程表读数", "odometer"),
    name(0x0081, Word, "", "车辆所在的省域ID", "province"),
    name(0x0082, Word, "", "车辆所在的市域ID", "city"),
    name(0x0083, Text, "", "机动车号牌", "plate"),
    name(0x0084, Byte, "", "车牌颜色", "plate colour"),
    name(0x0090, Byte, "", "GNSS定位模式", "satellite systems in use"),
    name(0x0091, Byte, "", "GNSS波特率", "GNSS baud rate"),
    name(
        0x0092,
        Byte,
        "",
        "GNSS模块详细定位数据输出频率",
        "GNSS output rate",
    ),
    name(
        0x0093,
        DoubleWord,
        "s",
        "GNSS模块详细定位数据采集频率",
        "GNSS sampling interval",
    ),
    name(
        0x0094,
        Byte,
        "",
        "GNSS模块详细定位数据上传方式",
        "GNSS upload mode",
    ),
    name(
        0x0095,
        DoubleWord,
        "",
        "GNSS模块详细定位数据上传设置",
        "GNSS upload setting",
    ),
    name(
        0x0100,
        DoubleWord,
        "ms",
        "CAN总线通道1采集时间间隔",
        "CAN 1 sampling interval",
    ),
    name(
        0x0101,
        Word,
        "s",
        "CAN总线通道1上传时间间隔",
        "CAN 1 upload interval",
    ),
    name(
        0x0102,
        DoubleWord,
        "ms",
        "CAN总线通道2采集时间间隔",
        "CAN 2 sampling interval",
    ),
    name(
        0x0103,
        Word,
        "s",
        "CAN总线通道2上传时间间隔",
        "CAN 2 upload interval",
    ),
    name(
        0x0110,
        Raw,
        "",
        "CAN总线ID单独采集设置",
        "sampling of single CAN ids",
    ),
    name(
        0xf364,
        Raw,
        "",
        "高级驾驶辅助系统参数",
        "driver assistance (Jiangsu)",
    ),
    name(
        0xf365,
        Raw,
        "",
        "驾驶员状态监测系统参数",
        "driver's state (Jiangsu)",
    ),
    name(
        0xf366,
        Raw,
        "",
        "胎压监测系统参数",
        "tyre pressure (Jiangsu)",
    ),
    name(0xf367, Raw, "", "盲区监测系统参数", "blind spots (Jiangsu)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(NAMES.windows(2).all(|pair| pair[0].id < pair[1].id));
        assert_eq!(parameter_name(0x0055).map(|name| name.unit), Some("km/h"));
    }
}
