//! Where the words of another decoder stand in the JSON of our bodies.

/// By message id: their path and ours. `*` is every entry of a list; a line that begins with blanks goes on.
const WORDS: &str = "
0001 responseSerialNo=serial responseMessageId=id resultCode=result
0100 provinceId=province cityId=city makerId=maker deviceModel=model deviceId=terminal plateColor=plate_colour
     plateNo=plate
0102 token=token imei=imei softwareVersion=software
0107 deviceType=kind makerId=maker deviceModel=model deviceId=terminal iccid=iccid hardwareVersion=hardware
     firmwareVersion=firmware gnssAttribute=gnss networkAttribute=network
0108 type=kind result=result
0200 warnBit=alarm statusBit=status latitude=latitude_micro longitude=longitude_micro altitude=altitude
     speed=speed_tenths direction=direction attributes.1=extensions.mileage attributes.2=extensions.fuel
     attributes.3=extensions.recorder_speed attributes.4=extensions.confirm_alarm
     attributes.5.value=extensions.tyre_pressures attributes.6=extensions.hold_temperature
     attributes.17.areaId=extensions.overspeed.area attributes.18.direction=extensions.area.direction
     attributes.19.driveTime=extensions.segment.seconds attributes.37=extensions.vehicle_signals
     attributes.42=extensions.io attributes.48=extensions.signal attributes.49=extensions.satellites
0301 eventId=id
0302 responseSerialNo=serial answerId=id
0303 type=kind action=action
0702 status=state cardStatus=card.result name=card.name licenseNo=card.certificate institution=card.issuer
     licenseValidPeriod=card.valid_until idCard=card.identity
0704 type=kind items.*.latitude=locations.*.latitude_micro items.*.longitude=locations.*.longitude_micro
     items.*.speed=locations.*.speed_tenths items.*.altitude=locations.*.altitude
     items.*.warnBit=locations.*.alarm items.*.statusBit=locations.*.status
     items.*.direction=locations.*.direction
0705 items.*.id=frames.*.id items.*.data=frames.*.bytes
0800 id=id type=kind format=format event=event channelId=channel
0801 id=event.id type=event.kind format=event.format event=event.event channelId=event.channel
     location.latitude=location.latitude_micro location.direction=location.direction
0802 responseSerialNo=serial items.*.id=entries.*.id items.*.channelId=entries.*.channel
     items.*.location.longitude=entries.*.location.longitude_micro
0805 responseSerialNo=serial result=result id=ids
0901 body=bytes
1003 audioFormat=audio_codec audioFrameLength=audio_frame_bytes videoFormat=video_codec
     maxAudioChannels=audio_channels_max maxVideoChannels=video_channels_max
1005 getOnCount=on getOffCount=off
1205 responseSerialNo=serial items.*.channelNo=recordings.*.channel items.*.size=recordings.*.size
     items.*.storageType=recordings.*.store
1206 responseSerialNo=serial result=result
1210 deviceId=terminal deviceId_=mark.terminal sequenceNo=mark.sequence fileTotal=mark.files
     platformAlarmId=alarm type=kind
1211 name=name type=kind size=size
8001 responseSerialNo=serial responseMessageId=id resultCode=result
8003 responseSerialNo=serial id=parts
8100 responseSerialNo=serial resultCode=result token=token
8105 command=command parameter=parameters
8106 id=ids
8108 type=kind makerId=maker version=version packet=package
8202 interval=interval validityPeriod=seconds
8203 responseSerialNo=serial type=kinds
8300 sign=flags type=kind content=text
8301 type=action events.*.id=events.*.id events.*.content=events.*.text
8302 sign=flags content=text options.*.id=choices.*.id options.*.content=choices.*.text
8303 type=action infos.*.type=entries.*.kind infos.*.name=entries.*.text
8304 type=kind content=text
8400 type=kind phoneNumber=phone
8401 type=action contacts.*.phone=contacts.*.phone contacts.*.name=contacts.*.name
     contacts.*.sign=contacts.*.kind
8600 action=action items.*.id=areas.*.id items.*.latitude=areas.*.centre.latitude
     items.*.radius=areas.*.radius items.*.maxSpeed=areas.*.limit.top items.*.duration=areas.*.limit.seconds
     items.*.nightMaxSpeed=areas.*.limit.night items.*.name=areas.*.name
8601 id=ids
8602 action=action items.*.latitudeUL=areas.*.upper_left.latitude
     items.*.longitudeLR=areas.*.lower_right.longitude items.*.nightMaxSpeed=areas.*.limit.night
     items.*.name=areas.*.name
8604 id=id attribute=attribute maxSpeed=limit.top duration=limit.seconds points.*.latitude=corners.*.latitude
     nightMaxSpeed=limit.night name=name
8606 id=id items.*.routeId=points.*.segment items.*.longitude=points.*.corner.longitude
     items.*.upperLimit=points.*.time.longest items.*.lowerLimit=points.*.time.shortest
     items.*.maxSpeed=points.*.limit.top items.*.nightMaxSpeed=points.*.limit.night name=name
8608 type=kind id=ids
8800 mediaId=id id=missing
8801 channelId=channel command=command time=seconds save=keep resolution=resolution quality=quality
     chroma=chroma
8804 command=command time=seconds save=keep audioSamplingRate=rate
8805 id=id delete=delete
9101 ip=server tcpPort=tcp_port udpPort=udp_port channelNo=channel mediaType=media streamType=stream
9102 channelNo=channel command=command closeType=close streamType=stream
9105 channelNo=channel packetLossRate=loss
9201 ip=server channelNo=channel mediaType=media playbackMode=mode playbackSpeed=speed
9202 channelNo=channel playbackMode=command playbackSpeed=speed
9205 channelNo=channel mediaType=media streamType=stream storageType=store
9206 ip=server port=port username=user password=password path=path condition=condition
9207 responseSerialNo=serial command=command
9208 ip=server tcpPort=tcp_port deviceId=mark.terminal platformAlarmId=alarm
9212 name=name result=result
9301 channelNo=channel param1=direction param2=speed
9302 channelNo=channel param=action
";

/// Their path and ours, for a message.
pub(crate) fn words(id: u16) -> Vec<(&'static str, &'static str)> {
    let id = format!("{id:04x}");
    let is_other = |line: &&str| !line.starts_with(&id);
    let mut lines = WORDS.lines().skip_while(is_other);
    let first = lines.next().unwrap_or_default();
    let more = lines.take_while(|line| line.starts_with(' '));
    std::iter::once(first)
        .chain(more)
        .flat_map(str::split_whitespace)
        .filter_map(|word| word.split_once('='))
        .collect()
}
