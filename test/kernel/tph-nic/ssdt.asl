// SPDX-License-Identifier: GPL-2.0-only
// The host bridge of tph-nic, with invented steering tags: extended 0x100 +
// CPU (volatile) and 0x200 + CPU (persistent), 8-bit 1 + (2 * CPU +
// persistent) mod 255. CPUs with a UID from 0x80 on have no tag.
DefinitionBlock ("", "SSDT", 2, "TPHCTL", "TPHNIC", 1)
{
    Scope (\_SB)
    {
        Device (TPHN)
        {
            Name (_HID, "TPHC0001")

            // Bits 31:0 of the answer for CPU Arg0, memory type Arg1
            // (0 volatile, 1 persistent): both tags, and that they are valid.
            Method (TAGS, 2)
            {
                Local0 = 0x100 + (Arg1 << 8) + Arg0
                Local1 = 1 + (((Arg0 << 1) + Arg1) % 255)
                Return ((Local0 << 16) | (Local1 << 8) | 0x03)
            }

            // The answer is the call's own: a named object could be another
            // call's before it is read.
            Method (_DSM, 4, Serialized)
            {
                Local1 = Buffer (8) {}
                CreateDWordField (Local1, 0, VOLA)
                CreateDWordField (Local1, 4, PERS)
                If ((Arg0 == ToUUID ("e5c937d0-3553-4d7a-9117-ea4d19c3434d"))
                    && (Arg1 == 7))
                {
                    If (Arg2 == 0)
                    {
                        Return (Buffer () { 0x01, 0x80 })
                    }

                    If (Arg2 == 15)
                    {
                        Local0 = DerefOf (Arg3 [1])
                        If (Local0 < 0x80)
                        {
                            VOLA = TAGS (Local0, 0)
                            PERS = TAGS (Local0, 1)
                        }

                        Return (Local1)
                    }
                }

                Return (Buffer (1) {})
            }
        }
    }
}
