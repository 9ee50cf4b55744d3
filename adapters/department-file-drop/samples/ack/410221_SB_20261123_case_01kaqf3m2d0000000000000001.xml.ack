<?xml version="1.0" encoding="GB18030"?>
<acknowledgement><file>410221_SB_20261123_case_01kaqf3m2d0000000000000001.xml</file><code>0</code><message>已接收</message><projectNo>SJ2026112300017</projectNo></acknowledgement>
