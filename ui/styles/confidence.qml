<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="0.95">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.95">
          <item value="0.05" color="#b5d1ea" alpha="150" label="up to 5 %"/>
          <item value="0.25" color="#fee5d9" alpha="255" label="5 to 25 %"/>
          <item value="0.5" color="#fcae91" alpha="255" label="25 to 50 %"/>
          <item value="0.75" color="#fb6a4a" alpha="255" label="50 to 75 %"/>
          <item value="0.95" color="#de2d26" alpha="255" label="75 to 95 %"/>
          <item value="inf" color="#a50f15" alpha="255" label="95 to 100 %"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
