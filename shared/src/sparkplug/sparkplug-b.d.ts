import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace sparkplug. */
export namespace sparkplug {

    /**
     * Properties of a PropertyValue.
     * @deprecated Use sparkplug.PropertyValue.$Properties instead.
     */
    interface IPropertyValue extends sparkplug.PropertyValue.$Properties {
    }

    /** Represents a PropertyValue. */
    class PropertyValue {

        /**
         * Constructs a new PropertyValue.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.PropertyValue.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PropertyValue type. */
        type: number;

        /** PropertyValue isNull. */
        isNull: boolean;

        /** PropertyValue intValue. */
        intValue?: (number|null);

        /** PropertyValue longValue. */
        longValue?: (number|Long|null);

        /** PropertyValue floatValue. */
        floatValue?: (number|null);

        /** PropertyValue doubleValue. */
        doubleValue?: (number|null);

        /** PropertyValue booleanValue. */
        booleanValue?: (boolean|null);

        /** PropertyValue stringValue. */
        stringValue?: (string|null);

        /** PropertyValue propertysetValue. */
        propertysetValue?: (sparkplug.PropertySet.$Properties|null);

        /** PropertyValue propertysetsValue. */
        propertysetsValue?: (sparkplug.PropertySetList.$Properties|null);

        /** PropertyValue value. */
        value?: ("intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"propertysetValue"|"propertysetsValue");

        /**
         * Encodes the specified PropertyValue message. Does not implicitly {@link sparkplug.PropertyValue.verify|verify} messages.
         * @param message PropertyValue message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.PropertyValue.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PropertyValue message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.PropertyValue & sparkplug.PropertyValue.$Shape} PropertyValue
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.PropertyValue & sparkplug.PropertyValue.$Shape;
    }

    namespace PropertyValue {

        /** Properties of a PropertyValue. */
        interface $Properties {

            /** PropertyValue type */
            type?: (number|null);

            /** PropertyValue isNull */
            isNull?: (boolean|null);

            /** PropertyValue intValue */
            intValue?: (number|null);

            /** PropertyValue longValue */
            longValue?: (number|Long|null);

            /** PropertyValue floatValue */
            floatValue?: (number|null);

            /** PropertyValue doubleValue */
            doubleValue?: (number|null);

            /** PropertyValue booleanValue */
            booleanValue?: (boolean|null);

            /** PropertyValue stringValue */
            stringValue?: (string|null);

            /** PropertyValue propertysetValue */
            propertysetValue?: (sparkplug.PropertySet.$Properties|null);

            /** PropertyValue propertysetsValue */
            propertysetsValue?: (sparkplug.PropertySetList.$Properties|null);

            /** PropertyValue value */
            value?: ("intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"propertysetValue"|"propertysetsValue");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a PropertyValue. */
        type $Shape = {
          type?: number|null;
          isNull?: boolean|null;
          intValue?: number|null;
          longValue?: number|Long|null;
          floatValue?: number|null;
          doubleValue?: number|null;
          booleanValue?: boolean|null;
          stringValue?: string|null;
          propertysetValue?: sparkplug.PropertySet.$Shape|null;
          propertysetsValue?: sparkplug.PropertySetList.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ value?: undefined; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "intValue"; intValue: number; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "longValue"; intValue?: null; longValue: number|Long; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "floatValue"; intValue?: null; longValue?: null; floatValue: number; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "doubleValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue: number; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "booleanValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue: boolean; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "stringValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue: string; propertysetValue?: null; propertysetsValue?: null }|{ value?: "propertysetValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue: sparkplug.PropertySet.$Shape; propertysetsValue?: null }|{ value?: "propertysetsValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue: sparkplug.PropertySetList.$Shape })
        );
    }

    /**
     * Properties of a PropertySet.
     * @deprecated Use sparkplug.PropertySet.$Properties instead.
     */
    interface IPropertySet extends sparkplug.PropertySet.$Properties {
    }

    /** Represents a PropertySet. */
    class PropertySet {

        /**
         * Constructs a new PropertySet.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.PropertySet.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PropertySet keys. */
        keys: string[];

        /** PropertySet values. */
        values: sparkplug.PropertyValue.$Properties[];

        /**
         * Encodes the specified PropertySet message. Does not implicitly {@link sparkplug.PropertySet.verify|verify} messages.
         * @param message PropertySet message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.PropertySet.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PropertySet message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.PropertySet & sparkplug.PropertySet.$Shape} PropertySet
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.PropertySet & sparkplug.PropertySet.$Shape;
    }

    namespace PropertySet {

        /** Properties of a PropertySet. */
        interface $Properties {

            /** PropertySet keys */
            keys?: (string[]|null);

            /** PropertySet values */
            values?: (sparkplug.PropertyValue.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PropertySet. */
        type $Shape = {
          keys?: string[]|null;
          values?: sparkplug.PropertyValue.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a PropertySetList.
     * @deprecated Use sparkplug.PropertySetList.$Properties instead.
     */
    interface IPropertySetList extends sparkplug.PropertySetList.$Properties {
    }

    /** Represents a PropertySetList. */
    class PropertySetList {

        /**
         * Constructs a new PropertySetList.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.PropertySetList.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** PropertySetList propertyset. */
        propertyset: sparkplug.PropertySet.$Properties[];

        /**
         * Encodes the specified PropertySetList message. Does not implicitly {@link sparkplug.PropertySetList.verify|verify} messages.
         * @param message PropertySetList message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.PropertySetList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a PropertySetList message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.PropertySetList & sparkplug.PropertySetList.$Shape} PropertySetList
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.PropertySetList & sparkplug.PropertySetList.$Shape;
    }

    namespace PropertySetList {

        /** Properties of a PropertySetList. */
        interface $Properties {

            /** PropertySetList propertyset */
            propertyset?: (sparkplug.PropertySet.$Properties[]|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a PropertySetList. */
        type $Shape = {
          propertyset?: sparkplug.PropertySet.$Shape[]|null;
          $unknowns?: Uint8Array[];
        };
    }

    /**
     * Properties of a MetaData.
     * @deprecated Use sparkplug.MetaData.$Properties instead.
     */
    interface IMetaData extends sparkplug.MetaData.$Properties {
    }

    /** Represents a MetaData. */
    class MetaData {

        /**
         * Constructs a new MetaData.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.MetaData.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** MetaData isMultiPart. */
        isMultiPart: boolean;

        /** MetaData contentType. */
        contentType: string;

        /** MetaData size. */
        size: (number|Long);

        /** MetaData seq. */
        seq: (number|Long);

        /** MetaData fileName. */
        fileName: string;

        /** MetaData fileType. */
        fileType: string;

        /** MetaData md5. */
        md5: string;

        /** MetaData description. */
        description: string;

        /**
         * Encodes the specified MetaData message. Does not implicitly {@link sparkplug.MetaData.verify|verify} messages.
         * @param message MetaData message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.MetaData.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a MetaData message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.MetaData & sparkplug.MetaData.$Shape} MetaData
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.MetaData & sparkplug.MetaData.$Shape;
    }

    namespace MetaData {

        /** Properties of a MetaData. */
        interface $Properties {

            /** MetaData isMultiPart */
            isMultiPart?: (boolean|null);

            /** MetaData contentType */
            contentType?: (string|null);

            /** MetaData size */
            size?: (number|Long|null);

            /** MetaData seq */
            seq?: (number|Long|null);

            /** MetaData fileName */
            fileName?: (string|null);

            /** MetaData fileType */
            fileType?: (string|null);

            /** MetaData md5 */
            md5?: (string|null);

            /** MetaData description */
            description?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a MetaData. */
        type $Shape = sparkplug.MetaData.$Properties;
    }

    /**
     * Properties of a Metric.
     * @deprecated Use sparkplug.Metric.$Properties instead.
     */
    interface IMetric extends sparkplug.Metric.$Properties {
    }

    /** Represents a Metric. */
    class Metric {

        /**
         * Constructs a new Metric.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.Metric.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Metric name. */
        name: string;

        /** Metric alias. */
        alias: (number|Long);

        /** Metric timestamp. */
        timestamp: (number|Long);

        /** Metric datatype. */
        datatype: number;

        /** Metric isHistorical. */
        isHistorical: boolean;

        /** Metric isTransient. */
        isTransient: boolean;

        /** Metric isNull. */
        isNull: boolean;

        /** Metric metadata. */
        metadata?: (sparkplug.MetaData.$Properties|null);

        /** Metric properties. */
        properties?: (sparkplug.PropertySet.$Properties|null);

        /** Metric intValue. */
        intValue?: (number|null);

        /** Metric longValue. */
        longValue?: (number|Long|null);

        /** Metric floatValue. */
        floatValue?: (number|null);

        /** Metric doubleValue. */
        doubleValue?: (number|null);

        /** Metric booleanValue. */
        booleanValue?: (boolean|null);

        /** Metric stringValue. */
        stringValue?: (string|null);

        /** Metric bytesValue. */
        bytesValue?: (Uint8Array|null);

        /** Metric value. */
        value?: ("intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"bytesValue");

        /**
         * Encodes the specified Metric message. Does not implicitly {@link sparkplug.Metric.verify|verify} messages.
         * @param message Metric message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.Metric.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Metric message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.Metric & sparkplug.Metric.$Shape} Metric
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.Metric & sparkplug.Metric.$Shape;
    }

    namespace Metric {

        /** Properties of a Metric. */
        interface $Properties {

            /** Metric name */
            name?: (string|null);

            /** Metric alias */
            alias?: (number|Long|null);

            /** Metric timestamp */
            timestamp?: (number|Long|null);

            /** Metric datatype */
            datatype?: (number|null);

            /** Metric isHistorical */
            isHistorical?: (boolean|null);

            /** Metric isTransient */
            isTransient?: (boolean|null);

            /** Metric isNull */
            isNull?: (boolean|null);

            /** Metric metadata */
            metadata?: (sparkplug.MetaData.$Properties|null);

            /** Metric properties */
            properties?: (sparkplug.PropertySet.$Properties|null);

            /** Metric intValue */
            intValue?: (number|null);

            /** Metric longValue */
            longValue?: (number|Long|null);

            /** Metric floatValue */
            floatValue?: (number|null);

            /** Metric doubleValue */
            doubleValue?: (number|null);

            /** Metric booleanValue */
            booleanValue?: (boolean|null);

            /** Metric stringValue */
            stringValue?: (string|null);

            /** Metric bytesValue */
            bytesValue?: (Uint8Array|null);

            /** Metric value */
            value?: ("intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"bytesValue");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a Metric. */
        type $Shape = {
          name?: string|null;
          alias?: number|Long|null;
          timestamp?: number|Long|null;
          datatype?: number|null;
          isHistorical?: boolean|null;
          isTransient?: boolean|null;
          isNull?: boolean|null;
          metadata?: sparkplug.MetaData.$Shape|null;
          properties?: sparkplug.PropertySet.$Shape|null;
          intValue?: number|null;
          longValue?: number|Long|null;
          floatValue?: number|null;
          doubleValue?: number|null;
          booleanValue?: boolean|null;
          stringValue?: string|null;
          bytesValue?: Uint8Array|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ value?: undefined; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "intValue"; intValue: number; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "longValue"; intValue?: null; longValue: number|Long; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "floatValue"; intValue?: null; longValue?: null; floatValue: number; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "doubleValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue: number; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "booleanValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue: boolean; stringValue?: null; bytesValue?: null }|{ value?: "stringValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue: string; bytesValue?: null }|{ value?: "bytesValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue: Uint8Array })
        );
    }

    /**
     * Properties of a Payload.
     * @deprecated Use sparkplug.Payload.$Properties instead.
     */
    interface IPayload extends sparkplug.Payload.$Properties {
    }

    /** Represents a Payload. */
    class Payload {

        /**
         * Constructs a new Payload.
         * @param [properties] Properties to set
         */
        constructor(properties?: sparkplug.Payload.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** Payload timestamp. */
        timestamp: (number|Long);

        /** Payload metrics. */
        metrics: sparkplug.Metric.$Properties[];

        /** Payload seq. */
        seq: (number|Long);

        /** Payload uuid. */
        uuid: string;

        /** Payload body. */
        body: Uint8Array;

        /**
         * Encodes the specified Payload message. Does not implicitly {@link sparkplug.Payload.verify|verify} messages.
         * @param message Payload message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: sparkplug.Payload.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a Payload message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {sparkplug.Payload & sparkplug.Payload.$Shape} Payload
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): sparkplug.Payload & sparkplug.Payload.$Shape;
    }

    namespace Payload {

        /** Properties of a Payload. */
        interface $Properties {

            /** Payload timestamp */
            timestamp?: (number|Long|null);

            /** Payload metrics */
            metrics?: (sparkplug.Metric.$Properties[]|null);

            /** Payload seq */
            seq?: (number|Long|null);

            /** Payload uuid */
            uuid?: (string|null);

            /** Payload body */
            body?: (Uint8Array|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a Payload. */
        type $Shape = {
          timestamp?: number|Long|null;
          metrics?: sparkplug.Metric.$Shape[]|null;
          seq?: number|Long|null;
          uuid?: string|null;
          body?: Uint8Array|null;
          $unknowns?: Uint8Array[];
        };
    }
}
