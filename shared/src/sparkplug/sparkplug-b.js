/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const sparkplug = $root.sparkplug = (() => {

    /**
     * Namespace sparkplug.
     * @exports sparkplug
     * @namespace
     */
    const sparkplug = {};

    sparkplug.PropertyValue = (function() {

        /**
         * Properties of a PropertyValue.
         * @typedef {Object} sparkplug.PropertyValue.$Properties
         * @property {number|null} [type] PropertyValue type
         * @property {boolean|null} [isNull] PropertyValue isNull
         * @property {number|null} [intValue] PropertyValue intValue
         * @property {number|Long|null} [longValue] PropertyValue longValue
         * @property {number|null} [floatValue] PropertyValue floatValue
         * @property {number|null} [doubleValue] PropertyValue doubleValue
         * @property {boolean|null} [booleanValue] PropertyValue booleanValue
         * @property {string|null} [stringValue] PropertyValue stringValue
         * @property {sparkplug.PropertySet.$Properties|null} [propertysetValue] PropertyValue propertysetValue
         * @property {sparkplug.PropertySetList.$Properties|null} [propertysetsValue] PropertyValue propertysetsValue
         * @property {"intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"propertysetValue"|"propertysetsValue"} [value] PropertyValue value
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PropertyValue.
         * @memberof sparkplug
         * @interface IPropertyValue
         * @augments sparkplug.PropertyValue.$Properties
         * @deprecated Use sparkplug.PropertyValue.$Properties instead.
         */

        /**
         * Narrowed shape of a PropertyValue.
         * @typedef {{
         *   type?: number|null;
         *   isNull?: boolean|null;
         *   intValue?: number|null;
         *   longValue?: number|Long|null;
         *   floatValue?: number|null;
         *   doubleValue?: number|null;
         *   booleanValue?: boolean|null;
         *   stringValue?: string|null;
         *   propertysetValue?: sparkplug.PropertySet.$Shape|null;
         *   propertysetsValue?: sparkplug.PropertySetList.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ value?: undefined; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "intValue"; intValue: number; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "longValue"; intValue?: null; longValue: number|Long; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "floatValue"; intValue?: null; longValue?: null; floatValue: number; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "doubleValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue: number; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "booleanValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue: boolean; stringValue?: null; propertysetValue?: null; propertysetsValue?: null }|{ value?: "stringValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue: string; propertysetValue?: null; propertysetsValue?: null }|{ value?: "propertysetValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue: sparkplug.PropertySet.$Shape; propertysetsValue?: null }|{ value?: "propertysetsValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; propertysetValue?: null; propertysetsValue: sparkplug.PropertySetList.$Shape })
         * )} sparkplug.PropertyValue.$Shape
         */

        /**
         * Constructs a new PropertyValue.
         * @memberof sparkplug
         * @classdesc Represents a PropertyValue.
         * @constructor
         * @param {sparkplug.PropertyValue.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PropertyValue = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PropertyValue type.
         * @member {number} type
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.type = 0;

        /**
         * PropertyValue isNull.
         * @member {boolean} isNull
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.isNull = false;

        /**
         * PropertyValue intValue.
         * @member {number|null|undefined} intValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.intValue = null;

        /**
         * PropertyValue longValue.
         * @member {number|Long|null|undefined} longValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.longValue = null;

        /**
         * PropertyValue floatValue.
         * @member {number|null|undefined} floatValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.floatValue = null;

        /**
         * PropertyValue doubleValue.
         * @member {number|null|undefined} doubleValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.doubleValue = null;

        /**
         * PropertyValue booleanValue.
         * @member {boolean|null|undefined} booleanValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.booleanValue = null;

        /**
         * PropertyValue stringValue.
         * @member {string|null|undefined} stringValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.stringValue = null;

        /**
         * PropertyValue propertysetValue.
         * @member {sparkplug.PropertySet.$Properties|null|undefined} propertysetValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.propertysetValue = null;

        /**
         * PropertyValue propertysetsValue.
         * @member {sparkplug.PropertySetList.$Properties|null|undefined} propertysetsValue
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        PropertyValue.prototype.propertysetsValue = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * PropertyValue value.
         * @member {"intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"propertysetValue"|"propertysetsValue"|undefined} value
         * @memberof sparkplug.PropertyValue
         * @instance
         */
        $Object.defineProperty(PropertyValue.prototype, "value", {
            get: $util.oneOfGetter($oneOfFields = ["intValue", "longValue", "floatValue", "doubleValue", "booleanValue", "stringValue", "propertysetValue", "propertysetsValue"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified PropertyValue message. Does not implicitly {@link sparkplug.PropertyValue.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.PropertyValue
         * @static
         * @param {sparkplug.PropertyValue.$Properties} message PropertyValue message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PropertyValue.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.type);
            if (message.isNull != null && $Object.hasOwnProperty.call(message, "isNull"))
                writer.uint32(/* id 2, wireType 0 =*/16).bool(message.isNull);
            if (message.intValue != null && $Object.hasOwnProperty.call(message, "intValue"))
                writer.uint32(/* id 3, wireType 0 =*/24).uint32(message.intValue);
            if (message.longValue != null && $Object.hasOwnProperty.call(message, "longValue"))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.longValue);
            if (message.floatValue != null && $Object.hasOwnProperty.call(message, "floatValue"))
                writer.uint32(/* id 5, wireType 5 =*/45).float(message.floatValue);
            if (message.doubleValue != null && $Object.hasOwnProperty.call(message, "doubleValue"))
                writer.uint32(/* id 6, wireType 1 =*/49).double(message.doubleValue);
            if (message.booleanValue != null && $Object.hasOwnProperty.call(message, "booleanValue"))
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.booleanValue);
            if (message.stringValue != null && $Object.hasOwnProperty.call(message, "stringValue"))
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.stringValue);
            if (message.propertysetValue != null && $Object.hasOwnProperty.call(message, "propertysetValue"))
                $root.sparkplug.PropertySet.encode(message.propertysetValue, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.propertysetsValue != null && $Object.hasOwnProperty.call(message, "propertysetsValue"))
                $root.sparkplug.PropertySetList.encode(message.propertysetsValue, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PropertyValue message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.PropertyValue
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.PropertyValue & sparkplug.PropertyValue.$Shape} PropertyValue
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PropertyValue.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.PropertyValue();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.type = reader.uint32();
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.isNull = reader.bool();
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.intValue = reader.uint32();
                        message.value = "intValue";
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        message.longValue = reader.uint64();
                        message.value = "longValue";
                        continue;
                    }
                case 5: {
                        if (wireType !== 5)
                            break;
                        message.floatValue = reader.float();
                        message.value = "floatValue";
                        continue;
                    }
                case 6: {
                        if (wireType !== 1)
                            break;
                        message.doubleValue = reader.double();
                        message.value = "doubleValue";
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        message.booleanValue = reader.bool();
                        message.value = "booleanValue";
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.stringValue = reader.string();
                        message.value = "stringValue";
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.propertysetValue = $root.sparkplug.PropertySet.decode(reader, reader.size(), $undefined, _depth + 1, message.propertysetValue);
                        message.value = "propertysetValue";
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        message.propertysetsValue = $root.sparkplug.PropertySetList.decode(reader, reader.size(), $undefined, _depth + 1, message.propertysetsValue);
                        message.value = "propertysetsValue";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PropertyValue;
    })();

    sparkplug.PropertySet = (function() {

        /**
         * Properties of a PropertySet.
         * @typedef {Object} sparkplug.PropertySet.$Properties
         * @property {Array.<string>|null} [keys] PropertySet keys
         * @property {Array.<sparkplug.PropertyValue.$Properties>|null} [values] PropertySet values
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PropertySet.
         * @memberof sparkplug
         * @interface IPropertySet
         * @augments sparkplug.PropertySet.$Properties
         * @deprecated Use sparkplug.PropertySet.$Properties instead.
         */

        /**
         * Shape of a PropertySet.
         * @typedef {{
         *   keys?: Array.<string>|null;
         *   values?: Array.<sparkplug.PropertyValue.$Shape>|null;
         *   $unknowns?: Array.<Uint8Array>;
         * }} sparkplug.PropertySet.$Shape
         */

        /**
         * Constructs a new PropertySet.
         * @memberof sparkplug
         * @classdesc Represents a PropertySet.
         * @constructor
         * @param {sparkplug.PropertySet.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PropertySet = function (properties) {
            this.keys = [];
            this.values = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PropertySet keys.
         * @member {Array.<string>} keys
         * @memberof sparkplug.PropertySet
         * @instance
         */
        PropertySet.prototype.keys = $util.emptyArray;

        /**
         * PropertySet values.
         * @member {Array.<sparkplug.PropertyValue.$Properties>} values
         * @memberof sparkplug.PropertySet
         * @instance
         */
        PropertySet.prototype.values = $util.emptyArray;

        /**
         * Encodes the specified PropertySet message. Does not implicitly {@link sparkplug.PropertySet.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.PropertySet
         * @static
         * @param {sparkplug.PropertySet.$Properties} message PropertySet message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PropertySet.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.keys != null && message.keys.length)
                for (let i = 0; i < message.keys.length; ++i)
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.keys[i]);
            if (message.values != null && message.values.length)
                for (let i = 0; i < message.values.length; ++i)
                    $root.sparkplug.PropertyValue.encode(message.values[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PropertySet message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.PropertySet
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.PropertySet & sparkplug.PropertySet.$Shape} PropertySet
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PropertySet.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.PropertySet();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.keys && message.keys.length))
                            message.keys = [];
                        message.keys.push(reader.string());
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.values && message.values.length))
                            message.values = [];
                        message.values.push($root.sparkplug.PropertyValue.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PropertySet;
    })();

    sparkplug.PropertySetList = (function() {

        /**
         * Properties of a PropertySetList.
         * @typedef {Object} sparkplug.PropertySetList.$Properties
         * @property {Array.<sparkplug.PropertySet.$Properties>|null} [propertyset] PropertySetList propertyset
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a PropertySetList.
         * @memberof sparkplug
         * @interface IPropertySetList
         * @augments sparkplug.PropertySetList.$Properties
         * @deprecated Use sparkplug.PropertySetList.$Properties instead.
         */

        /**
         * Shape of a PropertySetList.
         * @typedef {{
         *   propertyset?: Array.<sparkplug.PropertySet.$Shape>|null;
         *   $unknowns?: Array.<Uint8Array>;
         * }} sparkplug.PropertySetList.$Shape
         */

        /**
         * Constructs a new PropertySetList.
         * @memberof sparkplug
         * @classdesc Represents a PropertySetList.
         * @constructor
         * @param {sparkplug.PropertySetList.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const PropertySetList = function (properties) {
            this.propertyset = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * PropertySetList propertyset.
         * @member {Array.<sparkplug.PropertySet.$Properties>} propertyset
         * @memberof sparkplug.PropertySetList
         * @instance
         */
        PropertySetList.prototype.propertyset = $util.emptyArray;

        /**
         * Encodes the specified PropertySetList message. Does not implicitly {@link sparkplug.PropertySetList.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.PropertySetList
         * @static
         * @param {sparkplug.PropertySetList.$Properties} message PropertySetList message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        PropertySetList.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.propertyset != null && message.propertyset.length)
                for (let i = 0; i < message.propertyset.length; ++i)
                    $root.sparkplug.PropertySet.encode(message.propertyset[i], writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a PropertySetList message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.PropertySetList
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.PropertySetList & sparkplug.PropertySetList.$Shape} PropertySetList
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        PropertySetList.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.PropertySetList();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if (!(message.propertyset && message.propertyset.length))
                            message.propertyset = [];
                        message.propertyset.push($root.sparkplug.PropertySet.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return PropertySetList;
    })();

    sparkplug.MetaData = (function() {

        /**
         * Properties of a MetaData.
         * @typedef {Object} sparkplug.MetaData.$Properties
         * @property {boolean|null} [isMultiPart] MetaData isMultiPart
         * @property {string|null} [contentType] MetaData contentType
         * @property {number|Long|null} [size] MetaData size
         * @property {number|Long|null} [seq] MetaData seq
         * @property {string|null} [fileName] MetaData fileName
         * @property {string|null} [fileType] MetaData fileType
         * @property {string|null} [md5] MetaData md5
         * @property {string|null} [description] MetaData description
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a MetaData.
         * @memberof sparkplug
         * @interface IMetaData
         * @augments sparkplug.MetaData.$Properties
         * @deprecated Use sparkplug.MetaData.$Properties instead.
         */

        /**
         * Shape of a MetaData.
         * @typedef {sparkplug.MetaData.$Properties} sparkplug.MetaData.$Shape
         */

        /**
         * Constructs a new MetaData.
         * @memberof sparkplug
         * @classdesc Represents a MetaData.
         * @constructor
         * @param {sparkplug.MetaData.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const MetaData = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * MetaData isMultiPart.
         * @member {boolean} isMultiPart
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.isMultiPart = false;

        /**
         * MetaData contentType.
         * @member {string} contentType
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.contentType = "";

        /**
         * MetaData size.
         * @member {number|Long} size
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.size = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * MetaData seq.
         * @member {number|Long} seq
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * MetaData fileName.
         * @member {string} fileName
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.fileName = "";

        /**
         * MetaData fileType.
         * @member {string} fileType
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.fileType = "";

        /**
         * MetaData md5.
         * @member {string} md5
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.md5 = "";

        /**
         * MetaData description.
         * @member {string} description
         * @memberof sparkplug.MetaData
         * @instance
         */
        MetaData.prototype.description = "";

        /**
         * Encodes the specified MetaData message. Does not implicitly {@link sparkplug.MetaData.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.MetaData
         * @static
         * @param {sparkplug.MetaData.$Properties} message MetaData message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        MetaData.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.isMultiPart != null && $Object.hasOwnProperty.call(message, "isMultiPart"))
                writer.uint32(/* id 1, wireType 0 =*/8).bool(message.isMultiPart);
            if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType"))
                writer.uint32(/* id 2, wireType 2 =*/18).string(message.contentType);
            if (message.size != null && $Object.hasOwnProperty.call(message, "size"))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.size);
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.seq);
            if (message.fileName != null && $Object.hasOwnProperty.call(message, "fileName"))
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.fileName);
            if (message.fileType != null && $Object.hasOwnProperty.call(message, "fileType"))
                writer.uint32(/* id 6, wireType 2 =*/50).string(message.fileType);
            if (message.md5 != null && $Object.hasOwnProperty.call(message, "md5"))
                writer.uint32(/* id 7, wireType 2 =*/58).string(message.md5);
            if (message.description != null && $Object.hasOwnProperty.call(message, "description"))
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.description);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a MetaData message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.MetaData
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.MetaData & sparkplug.MetaData.$Shape} MetaData
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        MetaData.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.MetaData();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.isMultiPart = reader.bool();
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        message.contentType = reader.string();
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.size = reader.uint64();
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        message.seq = reader.uint64();
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.fileName = reader.string();
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        message.fileType = reader.string();
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        message.md5 = reader.string();
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.description = reader.string();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return MetaData;
    })();

    sparkplug.Metric = (function() {

        /**
         * Properties of a Metric.
         * @typedef {Object} sparkplug.Metric.$Properties
         * @property {string|null} [name] Metric name
         * @property {number|Long|null} [alias] Metric alias
         * @property {number|Long|null} [timestamp] Metric timestamp
         * @property {number|null} [datatype] Metric datatype
         * @property {boolean|null} [isHistorical] Metric isHistorical
         * @property {boolean|null} [isTransient] Metric isTransient
         * @property {boolean|null} [isNull] Metric isNull
         * @property {sparkplug.MetaData.$Properties|null} [metadata] Metric metadata
         * @property {sparkplug.PropertySet.$Properties|null} [properties] Metric properties
         * @property {number|null} [intValue] Metric intValue
         * @property {number|Long|null} [longValue] Metric longValue
         * @property {number|null} [floatValue] Metric floatValue
         * @property {number|null} [doubleValue] Metric doubleValue
         * @property {boolean|null} [booleanValue] Metric booleanValue
         * @property {string|null} [stringValue] Metric stringValue
         * @property {Uint8Array|null} [bytesValue] Metric bytesValue
         * @property {"intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"bytesValue"} [value] Metric value
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Metric.
         * @memberof sparkplug
         * @interface IMetric
         * @augments sparkplug.Metric.$Properties
         * @deprecated Use sparkplug.Metric.$Properties instead.
         */

        /**
         * Narrowed shape of a Metric.
         * @typedef {{
         *   name?: string|null;
         *   alias?: number|Long|null;
         *   timestamp?: number|Long|null;
         *   datatype?: number|null;
         *   isHistorical?: boolean|null;
         *   isTransient?: boolean|null;
         *   isNull?: boolean|null;
         *   metadata?: sparkplug.MetaData.$Shape|null;
         *   properties?: sparkplug.PropertySet.$Shape|null;
         *   intValue?: number|null;
         *   longValue?: number|Long|null;
         *   floatValue?: number|null;
         *   doubleValue?: number|null;
         *   booleanValue?: boolean|null;
         *   stringValue?: string|null;
         *   bytesValue?: Uint8Array|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ value?: undefined; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "intValue"; intValue: number; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "longValue"; intValue?: null; longValue: number|Long; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "floatValue"; intValue?: null; longValue?: null; floatValue: number; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "doubleValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue: number; booleanValue?: null; stringValue?: null; bytesValue?: null }|{ value?: "booleanValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue: boolean; stringValue?: null; bytesValue?: null }|{ value?: "stringValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue: string; bytesValue?: null }|{ value?: "bytesValue"; intValue?: null; longValue?: null; floatValue?: null; doubleValue?: null; booleanValue?: null; stringValue?: null; bytesValue: Uint8Array })
         * )} sparkplug.Metric.$Shape
         */

        /**
         * Constructs a new Metric.
         * @memberof sparkplug
         * @classdesc Represents a Metric.
         * @constructor
         * @param {sparkplug.Metric.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Metric = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Metric name.
         * @member {string} name
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.name = "";

        /**
         * Metric alias.
         * @member {number|Long} alias
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.alias = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Metric timestamp.
         * @member {number|Long} timestamp
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Metric datatype.
         * @member {number} datatype
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.datatype = 0;

        /**
         * Metric isHistorical.
         * @member {boolean} isHistorical
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.isHistorical = false;

        /**
         * Metric isTransient.
         * @member {boolean} isTransient
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.isTransient = false;

        /**
         * Metric isNull.
         * @member {boolean} isNull
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.isNull = false;

        /**
         * Metric metadata.
         * @member {sparkplug.MetaData.$Properties|null|undefined} metadata
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.metadata = null;

        /**
         * Metric properties.
         * @member {sparkplug.PropertySet.$Properties|null|undefined} properties
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.properties = null;

        /**
         * Metric intValue.
         * @member {number|null|undefined} intValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.intValue = null;

        /**
         * Metric longValue.
         * @member {number|Long|null|undefined} longValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.longValue = null;

        /**
         * Metric floatValue.
         * @member {number|null|undefined} floatValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.floatValue = null;

        /**
         * Metric doubleValue.
         * @member {number|null|undefined} doubleValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.doubleValue = null;

        /**
         * Metric booleanValue.
         * @member {boolean|null|undefined} booleanValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.booleanValue = null;

        /**
         * Metric stringValue.
         * @member {string|null|undefined} stringValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.stringValue = null;

        /**
         * Metric bytesValue.
         * @member {Uint8Array|null|undefined} bytesValue
         * @memberof sparkplug.Metric
         * @instance
         */
        Metric.prototype.bytesValue = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * Metric value.
         * @member {"intValue"|"longValue"|"floatValue"|"doubleValue"|"booleanValue"|"stringValue"|"bytesValue"|undefined} value
         * @memberof sparkplug.Metric
         * @instance
         */
        $Object.defineProperty(Metric.prototype, "value", {
            get: $util.oneOfGetter($oneOfFields = ["intValue", "longValue", "floatValue", "doubleValue", "booleanValue", "stringValue", "bytesValue"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Encodes the specified Metric message. Does not implicitly {@link sparkplug.Metric.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.Metric
         * @static
         * @param {sparkplug.Metric.$Properties} message Metric message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Metric.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.name);
            if (message.alias != null && $Object.hasOwnProperty.call(message, "alias"))
                writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.alias);
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.timestamp);
            if (message.datatype != null && $Object.hasOwnProperty.call(message, "datatype"))
                writer.uint32(/* id 4, wireType 0 =*/32).uint32(message.datatype);
            if (message.isHistorical != null && $Object.hasOwnProperty.call(message, "isHistorical"))
                writer.uint32(/* id 5, wireType 0 =*/40).bool(message.isHistorical);
            if (message.isTransient != null && $Object.hasOwnProperty.call(message, "isTransient"))
                writer.uint32(/* id 6, wireType 0 =*/48).bool(message.isTransient);
            if (message.isNull != null && $Object.hasOwnProperty.call(message, "isNull"))
                writer.uint32(/* id 7, wireType 0 =*/56).bool(message.isNull);
            if (message.metadata != null && $Object.hasOwnProperty.call(message, "metadata"))
                $root.sparkplug.MetaData.encode(message.metadata, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
            if (message.properties != null && $Object.hasOwnProperty.call(message, "properties"))
                $root.sparkplug.PropertySet.encode(message.properties, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
            if (message.intValue != null && $Object.hasOwnProperty.call(message, "intValue"))
                writer.uint32(/* id 10, wireType 0 =*/80).uint32(message.intValue);
            if (message.longValue != null && $Object.hasOwnProperty.call(message, "longValue"))
                writer.uint32(/* id 11, wireType 0 =*/88).uint64(message.longValue);
            if (message.floatValue != null && $Object.hasOwnProperty.call(message, "floatValue"))
                writer.uint32(/* id 12, wireType 5 =*/101).float(message.floatValue);
            if (message.doubleValue != null && $Object.hasOwnProperty.call(message, "doubleValue"))
                writer.uint32(/* id 13, wireType 1 =*/105).double(message.doubleValue);
            if (message.booleanValue != null && $Object.hasOwnProperty.call(message, "booleanValue"))
                writer.uint32(/* id 14, wireType 0 =*/112).bool(message.booleanValue);
            if (message.stringValue != null && $Object.hasOwnProperty.call(message, "stringValue"))
                writer.uint32(/* id 15, wireType 2 =*/122).string(message.stringValue);
            if (message.bytesValue != null && $Object.hasOwnProperty.call(message, "bytesValue"))
                writer.uint32(/* id 16, wireType 2 =*/130).bytes(message.bytesValue);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Metric message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.Metric
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.Metric & sparkplug.Metric.$Shape} Metric
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Metric.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.Metric();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        message.name = reader.string();
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        message.alias = reader.uint64();
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.timestamp = reader.uint64();
                        continue;
                    }
                case 4: {
                        if (wireType !== 0)
                            break;
                        message.datatype = reader.uint32();
                        continue;
                    }
                case 5: {
                        if (wireType !== 0)
                            break;
                        message.isHistorical = reader.bool();
                        continue;
                    }
                case 6: {
                        if (wireType !== 0)
                            break;
                        message.isTransient = reader.bool();
                        continue;
                    }
                case 7: {
                        if (wireType !== 0)
                            break;
                        message.isNull = reader.bool();
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        message.metadata = $root.sparkplug.MetaData.decode(reader, reader.size(), $undefined, _depth + 1, message.metadata);
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        message.properties = $root.sparkplug.PropertySet.decode(reader, reader.size(), $undefined, _depth + 1, message.properties);
                        continue;
                    }
                case 10: {
                        if (wireType !== 0)
                            break;
                        message.intValue = reader.uint32();
                        message.value = "intValue";
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        message.longValue = reader.uint64();
                        message.value = "longValue";
                        continue;
                    }
                case 12: {
                        if (wireType !== 5)
                            break;
                        message.floatValue = reader.float();
                        message.value = "floatValue";
                        continue;
                    }
                case 13: {
                        if (wireType !== 1)
                            break;
                        message.doubleValue = reader.double();
                        message.value = "doubleValue";
                        continue;
                    }
                case 14: {
                        if (wireType !== 0)
                            break;
                        message.booleanValue = reader.bool();
                        message.value = "booleanValue";
                        continue;
                    }
                case 15: {
                        if (wireType !== 2)
                            break;
                        message.stringValue = reader.string();
                        message.value = "stringValue";
                        continue;
                    }
                case 16: {
                        if (wireType !== 2)
                            break;
                        message.bytesValue = reader.bytes();
                        message.value = "bytesValue";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Metric;
    })();

    sparkplug.Payload = (function() {

        /**
         * Properties of a Payload.
         * @typedef {Object} sparkplug.Payload.$Properties
         * @property {number|Long|null} [timestamp] Payload timestamp
         * @property {Array.<sparkplug.Metric.$Properties>|null} [metrics] Payload metrics
         * @property {number|Long|null} [seq] Payload seq
         * @property {string|null} [uuid] Payload uuid
         * @property {Uint8Array|null} [body] Payload body
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a Payload.
         * @memberof sparkplug
         * @interface IPayload
         * @augments sparkplug.Payload.$Properties
         * @deprecated Use sparkplug.Payload.$Properties instead.
         */

        /**
         * Shape of a Payload.
         * @typedef {{
         *   timestamp?: number|Long|null;
         *   metrics?: Array.<sparkplug.Metric.$Shape>|null;
         *   seq?: number|Long|null;
         *   uuid?: string|null;
         *   body?: Uint8Array|null;
         *   $unknowns?: Array.<Uint8Array>;
         * }} sparkplug.Payload.$Shape
         */

        /**
         * Constructs a new Payload.
         * @memberof sparkplug
         * @classdesc Represents a Payload.
         * @constructor
         * @param {sparkplug.Payload.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const Payload = function (properties) {
            this.metrics = [];
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * Payload timestamp.
         * @member {number|Long} timestamp
         * @memberof sparkplug.Payload
         * @instance
         */
        Payload.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Payload metrics.
         * @member {Array.<sparkplug.Metric.$Properties>} metrics
         * @memberof sparkplug.Payload
         * @instance
         */
        Payload.prototype.metrics = $util.emptyArray;

        /**
         * Payload seq.
         * @member {number|Long} seq
         * @memberof sparkplug.Payload
         * @instance
         */
        Payload.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

        /**
         * Payload uuid.
         * @member {string} uuid
         * @memberof sparkplug.Payload
         * @instance
         */
        Payload.prototype.uuid = "";

        /**
         * Payload body.
         * @member {Uint8Array} body
         * @memberof sparkplug.Payload
         * @instance
         */
        Payload.prototype.body = $util.newBuffer([]);

        /**
         * Encodes the specified Payload message. Does not implicitly {@link sparkplug.Payload.verify|verify} messages.
         * @function encode
         * @memberof sparkplug.Payload
         * @static
         * @param {sparkplug.Payload.$Properties} message Payload message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        Payload.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.timestamp);
            if (message.metrics != null && message.metrics.length)
                for (let i = 0; i < message.metrics.length; ++i)
                    $root.sparkplug.Metric.encode(message.metrics[i], writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
            if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.seq);
            if (message.uuid != null && $Object.hasOwnProperty.call(message, "uuid"))
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.uuid);
            if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.body);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Decodes a Payload message from the specified reader or buffer.
         * @function decode
         * @memberof sparkplug.Payload
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {sparkplug.Payload & sparkplug.Payload.$Shape} Payload
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        Payload.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.sparkplug.Payload();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 0)
                            break;
                        message.timestamp = reader.uint64();
                        continue;
                    }
                case 2: {
                        if (wireType !== 2)
                            break;
                        if (!(message.metrics && message.metrics.length))
                            message.metrics = [];
                        message.metrics.push($root.sparkplug.Metric.decode(reader, reader.size(), $undefined, _depth + 1));
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        message.seq = reader.uint64();
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        message.uuid = reader.string();
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        message.body = reader.bytes();
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        return Payload;
    })();

    return sparkplug;
})();

export {
  $root as default
};
