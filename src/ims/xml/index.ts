export { parseXml, XML_LIMITS, type XmlLimits } from './parse-xml.js';
export { XmlElement, type XmlAttribute } from './xml-element.js';
